using System.ComponentModel;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Api.Retention;
using MatchCluster.Api.Searching;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Unique;

/// <summary>The door of <see cref="UniqueEnrolment"/>: OSIA's encounter, and how alike is alike.</summary>
internal static class EnrolIfUnique
{
    private const string Name = "enrolIfUnique";
    private const double DefaultTargetFpir = 0.01;

    public static void Map(RouteGroupBuilder mc) =>
        mc.MapPost("/enrol-if-unique", RunAsync).WithName(Name)
            .Needs(Scopes.EnrolIfUnique).TakesBiometrics();

    /// <summary>The query of a call.</summary>
    internal sealed record Asked(
        [property: Description("The caller's: a call that is repeated with it and the same body is answered as "
            + "enrolled with the first one's ids.")]
        [FromQuery(Name = "transactionId")] string TransactionId,
        [property: Description("Id of the new person; one follows from the transaction where it is left out.")]
        [FromQuery(Name = "personId")] string? PersonId,
        [property: Description("Id of the encounter; one follows from the transaction where it is left out.")]
        [FromQuery(Name = "encounterId")] string? EncounterId,
        [property: Description("Score, -10 log10 FMR, from which somebody is like it; default: by targetFPIR.")]
        [FromQuery(Name = "threshold")] double? Threshold,
        [property: Description("Inside (0, 1), default 0.01: how often a new person may be called a duplicate.")]
        [FromQuery(Name = "targetFPIR")] double? TargetFpir,
        [property: Description("1..1000, default 10.")]
        [FromQuery(Name = "maxNbCand")] int? MaxNbCand,
        [property: Description("exhaustive scores every encounter; default lets fingers pass a first stage.")]
        [FromQuery(Name = "accuracyLevel")] string? AccuracyLevel);

    private static async Task<Results<Ok<EnrolIfUniqueAnswer>, ProblemFailed>> RunAsync(
        [AsParameters] Asked asked, OsiaEncounter body, UniqueEnrolment door, EncounterIntake intake,
        TimeProvider clock, HttpContext http)
    {
        NotStored notStored = NotStored.For(http);
        Parsed<UniqueRequest> request = await ReadAsync(asked, body, intake, notStored, clock.GetUtcNow(), http);
        if (request.IsFailed)
        {
            return new ProblemFailed(request.Failure);
        }

        Encounter encounter = request.Value.Encounter;
        AuditNotes.Of(http)?.Person(encounter.PersonId);
        AuditNotes.Of(http)?.Galleries(encounter.Galleries);
        UniqueAnswer answer = await door.EnrolAsync(request.Value, Asker.Of(http, Priority.Default), http.Budget());
        if (answer.Outcome == UniqueOutcome.Duplicate)
        {
            // Nothing of it is stored, and whoever searched with it is done.
            ProbeErasure.AtEnd(http, body.BiometricData, encounter.Samples, encounter.Pictures);
        }

        IdentifyAnswer? decisive = answer.Searched.FirstOrDefault(one => one.Candidates.Count > 0)
            ?? answer.Searched.FirstOrDefault(one => !one.Coverage.IsComplete)
            ?? (answer.Searched.Count > 0 ? answer.Searched[0] : null);
        if (decisive is not null)
        {
            AuditNotes.Of(http)?.Searched(decisive, encounter.Samples);
            CoverageRule.Describe(http.Response, decisive);
        }

        return answer.Failure is { } failure
            ? new ProblemFailed(failure)
            : TypedResults.Ok(EnrolIfUniqueAnswer.Of(answer, encounter, notStored));
    }

    private static async ValueTask<Parsed<UniqueRequest>> ReadAsync(
        Asked asked, OsiaEncounter body, EncounterIntake intake, NotStored notStored, DateTimeOffset now,
        HttpContext http)
    {
        if ((Check(asked) ?? IdempotencyKey.Check(http.Request)) is { } failure)
        {
            return failure;
        }

        string partner = http.Use().Partner;
        string call = IdempotencyKey.Of(http);
        string person = asked.PersonId ?? Transactions.IdOf("person", Name, partner, call);
        string id = asked.EncounterId ?? Transactions.IdOf("encounter", Name, partner, call);
        Parsed<Encounter> read = await intake.ReadAsync(
            body, person, asked.EncounterId, ExpiresAt.Of(http, now), notStored, http.Budget(), http);
        return read.IsFailed ? read.Failure : new UniqueRequest(
            Transactions.Signed(
                read.Value with { EncounterId = id }, $"{Name} {partner}", call),
            asked.MaxNbCand ?? ApiLimits.DefaultCandidates, asked.Threshold, asked.TargetFpir ?? DefaultTargetFpir,
            asked.AccuracyLevel == "exhaustive");
    }

    private static Failure? Check(Asked asked) =>
        Identifiers.Check("transactionId", asked.TransactionId)
        ?? (asked.PersonId is null ? null : Identifiers.Check("personId", asked.PersonId))
        ?? (asked.EncounterId is null ? null : Identifiers.Check("encounterId", asked.EncounterId))
        ?? SearchReader.CheckThreshold(asked.Threshold)
        ?? (asked.MaxNbCand is null or (>= 1 and <= Limits.CandidatesPerSearch) ? null
            : Failure.Invalid("maxNbCand", $"{asked.MaxNbCand}", $"1..{Limits.CandidatesPerSearch}"))
        ?? (asked.TargetFpir is null || (asked.Threshold is null && asked.TargetFpir is > 0 and < 1) ? null
            : Failure.Invalid("targetFPIR", $"{asked.TargetFpir}", "a number inside (0, 1) and no threshold beside it"))
        ?? (asked.AccuracyLevel is null or "default" or "exhaustive" ? null
            : Failure.Invalid("accuracyLevel", asked.AccuracyLevel, "default or exhaustive"));
}

/// <summary>What became of it.</summary>
/// <param name="Outcome">enrolled or duplicate.</param>
/// <param name="PersonId">The person that was enrolled.</param>
/// <param name="EncounterId">The encounter that was enrolled.</param>
/// <param name="Repeated">Whether an earlier call of the same transaction enrolled it.</param>
/// <param name="Candidates">Who is like it, for a person to decide; as far as the caller may see.</param>
/// <param name="Searched">What was searched, gallery by gallery; nothing for a call that is repeated.</param>
/// <param name="Others">What was not stored of what was sent.</param>
internal sealed record EnrolIfUniqueAnswer(
    string Outcome, string? PersonId, string? EncounterId, bool? Repeated, IReadOnlyList<OsiaCandidate>? Candidates,
    IReadOnlyList<SearchedGallery> Searched, PersonIdsOthers? Others)
{
    public static EnrolIfUniqueAnswer Of(UniqueAnswer answer, Encounter encounter, NotStored notStored)
    {
        bool isEnrolled = answer.Outcome == UniqueOutcome.Enrolled;
        return new EnrolIfUniqueAnswer(
            isEnrolled ? "enrolled" : "duplicate",
            isEnrolled ? encounter.PersonId : null,
            isEnrolled ? encounter.EncounterId : null,
            answer.IsRepeated ? true : null,
            isEnrolled ? null
                : [.. answer.Searched.SelectMany(found => AnswerWriter.Candidates(found, notStored.Forgiven))],
            [.. answer.Searched.Select(SearchedGallery.Of)],
            isEnrolled ? notStored.Others : null);
    }
}

/// <summary>One gallery that was searched.</summary>
/// <param name="GalleryId">Its name.</param>
/// <param name="Complete">Whether everybody in it was searched.</param>
/// <param name="Identities">Who is in it.</param>
/// <param name="Comparable">Who of them has something that can be compared.</param>
/// <param name="Threshold">Score from which somebody is like it.</param>
/// <param name="Fpir">How often a new person would be called a duplicate.</param>
/// <param name="CaseId">The case in which people decide; null where none was opened.</param>
internal sealed record SearchedGallery(
    string GalleryId, bool Complete, long Identities, long Comparable, double Threshold, double Fpir, string? CaseId)
{
    public static SearchedGallery Of(IdentifyAnswer answer) => new(
        answer.Gallery, answer.Coverage.IsComplete, answer.Coverage.IdentitiesHeld,
        answer.Coverage.IdentitiesComparable, answer.Threshold, answer.FpirAtThreshold, answer.CaseId);
}
