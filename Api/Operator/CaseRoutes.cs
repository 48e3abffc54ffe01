using MatchCluster.Api.Audit;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Endpoints;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Operator;

/// <summary>The cases in which natural persons decide about the candidates of searches.</summary>
internal static class CaseRoutes
{
    private const string All = "all";
    private const int DefaultLimit = 50;

    private static readonly Failure NotKept = new(
        FailureCode.Unknown, "there are no cases; the server keeps them when it is started with --agreements true");

    public static void Map(RouteGroupBuilder mc)
    {
        mc.MapGet("/cases", ListAsync).WithName("listCases").Needs(Scopes.CaseRead);
        mc.MapGet("/cases/report", ReportAsync).WithName("readCaseReport").Needs(Scopes.Stats)
            .WithMetadata(AuditRule.Exempt("it holds counts and times, and nobody's data"));
        mc.MapGet("/cases/{caseId}", ReadAsync).WithName("readCase").Needs(Scopes.CaseRead);
        mc.MapPost("/cases/{caseId}/comparisons", CompareAsync).WithName("compareCase").Needs(Scopes.CaseRead);
        mc.MapPost("/cases/{caseId}/decisions", DecideAsync).WithName("decideCase").Needs(Scopes.Decide);
    }

    private static async Task<Results<Ok<CaseListAnswer>, ProblemFailed>> ListAsync(
        HttpContext http,
        [FromQuery(Name = "state")] string? state = null,
        [FromQuery(Name = "after")] string? after = null,
        [FromQuery(Name = "limit")] int limit = DefaultLimit)
    {
        CaseState? wanted = null;
        if (state is not (null or All))
        {
            wanted = Enum.GetValues<CaseState>().Cast<CaseState?>().FirstOrDefault(
                one => string.Equals(one.ToString(), state, StringComparison.OrdinalIgnoreCase));
        }

        return wanted is null && state is not (null or All)
            ? new ProblemFailed(Failure.Invalid("state", state, "open, confirmed, rejected, expired or all"))
            : limit is < 1 or > ApiLimits.CasePage
            ? new ProblemFailed(Failure.Invalid("limit", $"{limit}", $"1..{ApiLimits.CasePage}"))
            : await AskAsync(
                http, (book, use) => book.ListAsync(
                    state is null ? CaseState.Open : wanted, after, limit, use, http.RequestAborted),
                (found, use) => new CaseListAnswer(
                    [.. found.Select(one => CaseView.EntryOf(one, use))],
                    found.Count == limit ? found[^1].Case.Id : null));
    }

    private static Task<Results<Ok<CaseDetails>, ProblemFailed>> ReadAsync(string caseId, HttpContext http)
    {
        AuditNotes.Of(http)?.Case(caseId);
        return AskAsync(
            http, (book, use) => book.ReadAsync(caseId, use, http.RequestAborted), CaseView.DetailsOf);
    }

    private static async Task<Results<Ok<CaseReportAnswer>, ProblemFailed>> ReportAsync(
        HttpContext http, [FromQuery(Name = "since")] DateTimeOffset? since = null)
    {
        if (http.RequestServices.GetService<CaseBook>() is not { } book)
        {
            return new ProblemFailed(NotKept);
        }

        return TypedResults.Ok(CaseView.Of(await book.ReportAsync(since, http.RequestAborted)));
    }

    private static async Task<Results<Ok<CaseDetails>, ProblemFailed>> DecideAsync(
        string caseId, CaseDecisionRequest body, ImageItems images, HttpContext http)
    {
        AuditNotes.Of(http)?.Case(caseId);
        Parsed<List<Sample>?> probe = await ProbeAsync(body.BiometricData, images, http);
        if (probe.IsFailed)
        {
            return new ProblemFailed(probe.Failure);
        }

        return await AskAsync(
            http,
            async (book, use) =>
            {
                CaseAnswer<SeenCase> before = await book.ReadAsync(caseId, use, http.RequestAborted);
                if (before.Value is null)
                {
                    return before;
                }

                // A program is told that it is one, whatever it names.
                int rank = body.Rank ?? (body.PersonId is null ? 0 : before.Value.Case.Candidates.FirstOrDefault(
                    one => one.PersonId == body.PersonId
                        && before.Value.Access.SeesDetails(use.Partner, before.Value.Case, one))?.Rank ?? 0);
                CaseAnswer<SeenCase> decided = await book.DecideAsync(
                    caseId, new DecisionRequest(rank, body.Decision, body.Reason, probe.Value), use,
                    http.RequestAborted);
                if (decided.Value is { } done)
                {
                    string verdict = $"{body.Decision}".ToUpperInvariant();
                    AuditNotes.Of(http)?.Decided(
                        caseId, $"{rank} {verdict}", done.Case.Candidates.Single(one => one.Rank == rank).PersonId);
                }

                return decided;
            },
            CaseView.DetailsOf);
    }

    private static async Task<Results<Ok<ExplainAnswer>, ProblemFailed>> CompareAsync(
        string caseId, CaseComparisonRequest body, EncounterService encounters, PairService door, ImageItems images,
        TimeProvider clock, HttpContext http)
    {
        AuditNotes.Of(http)?.Case(caseId);
        Parsed<List<Sample>?> sent = await ProbeAsync(body.BiometricData, images, http);
        if (sent.IsFailed)
        {
            return new ProblemFailed(sent.Failure);
        }

        Results<Ok<ComparedCase>, ProblemFailed> compared = await AskAsync(
            http, (book, use) => book.CompareAsync(caseId, body.Rank, sent.Value, use, http.RequestAborted),
            (found, _) => found);
        if (compared.Result is not Ok<ComparedCase> { Value: { } found })
        {
            return (ProblemFailed)compared.Result;
        }

        CaseEncounter? encounter =
            body.EncounterId is null && found.Candidate.Encounters is [CaseEncounter first, ..] ? first
            : found.Candidate.Encounters.FirstOrDefault(one => one.EncounterId == body.EncounterId);
        if (encounter is null)
        {
            return new ProblemFailed(new Failure(
                FailureCode.Unknown, "the case names no such encounter of the candidate"));
        }

        // What the caller may see was decided with the case: the encounter is read for it.
        SearchBudget budget = http.Budget().For(Use.Internal);
        Parsed<(Encounter Of, CandidateExplanation Found)> explained = await door.ExplainAsync(
            found.Probe, found.Case.Gallery,
            _ => ReadEncounterAsync(found, encounter, encounters, clock.GetUtcNow(), budget),
            Asker.Of(http, Priority.Default), budget);
        if (explained.IsFailed)
        {
            return new ProblemFailed(explained.Failure);
        }

        AuditNotes.Of(http)?.Explained(door.Calibration.Id, found.Probe, found.Candidate.PersonId);
        return TypedResults.Ok(Explain.Of(door.Calibration, explained.Value.Of, explained.Value.Found));
    }

    private static async ValueTask<Parsed<Encounter>> ReadEncounterAsync(
        ComparedCase compared, CaseEncounter encounter, EncounterService encounters, DateTimeOffset now,
        SearchBudget budget)
    {
        Parsed<Encounter> found = await encounters.ReadAsync(
            compared.Candidate.PersonId, encounter.EncounterId, budget);

        // What has expired is not there any more, erased or not.
        return found.IsFailed
            || (found.Value.Galleries.Intersect(encounter.Galleries).Any() && !(found.Value.ExpiresAt <= now))
            ? found : new Failure(FailureCode.Unknown, "the encounter is not in the gallery any more");
    }

    private static async ValueTask<Parsed<List<Sample>?>> ProbeAsync(
        IReadOnlyList<OsiaBiometricData>? items, ImageItems images, HttpContext http)
    {
        if (items is null)
        {
            return (List<Sample>?)null;
        }

        Parsed<List<Sample>> read = await images.ReadAsync(
            items, "biometricData", NotStored.For(http), http.Budget());
        return read.IsFailed ? read.Failure : read.Value;
    }

    /// <summary>Asks the cases, and answers with what is made of the value.</summary>
    private static async Task<Results<Ok<TOut>, ProblemFailed>> AskAsync<T, TOut>(
        HttpContext http, Func<CaseBook, Use, ValueTask<CaseAnswer<T>>> ask, Func<T, Use, TOut> show)
        where T : class
    {
        if (http.RequestServices.GetService<CaseBook>() is not { } book)
        {
            return new ProblemFailed(NotKept);
        }

        Use use = http.Use();
        CaseAnswer<T> answer = await ask(book, use);
        return answer.Value is { } value ? TypedResults.Ok(show(value, use))
            : new ProblemFailed(FailureOf(answer.Refusal!.Value, answer.Reason));
    }

    private static Failure FailureOf(CaseRefusal refusal, string reason) => new(
        refusal switch
        {
            CaseRefusal.Unknown => FailureCode.Unknown,
            CaseRefusal.NotAPerson => FailureCode.PersonRequired,
            CaseRefusal.MayNotDecide => FailureCode.MayNotDecide,
            CaseRefusal.DecidedAlready => FailureCode.DecidedAlready,
            CaseRefusal.Closed => FailureCode.CaseClosed,
            CaseRefusal.Invalid => FailureCode.InvalidParameter,
            CaseRefusal.ProbeNeeded => FailureCode.ProbeNeeded,
            CaseRefusal.Busy => FailureCode.Overloaded,
        },
        reason,
        refusal == CaseRefusal.Busy ? TimeSpan.FromSeconds(1) : null);
}
