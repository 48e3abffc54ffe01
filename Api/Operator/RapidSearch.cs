using MatchCluster.Api.Audit;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Api.Searching;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Operator;

/// <summary>
/// The rapid search of a mobile device against a watchlist, answered with one of three colours, as the FBI's RISC does:
/// red, a highly probable candidate; yellow, a possible one; green, none. Each colour has a threshold that follows from
/// an FPIR and the number of identities that can be compared. Green is said by complete searches that compared alone.
/// </summary>
internal static class RapidSearch
{
    /// <summary>Fingers that it needs; one alone says too little for a colour.</summary>
    private const int LeastFingers = 2;

    /// <summary>One search in a hundred of somebody who is not enrolled is yellow or red.</summary>
    private const double YellowFpir = 0.01;

    /// <summary>One in ten thousand is red.</summary>
    private const double RedFpir = 0.0001;

    private const string Red = "red";
    private const string Yellow = "yellow";
    private const string Green = "green";

    private static Failure TooSmall { get; } = new(
        FailureCode.ReleaseTooSmall,
        "a colour is a score in steps; wanted an agreement that releases scores, and no MC-Release below them");

    public static void Map(RouteGroupBuilder mc) =>
        mc.MapPost("/risc/{galleryId}", RunAsync).WithName("rapidSearch").Needs(Scopes.Identify)
            .TakesBiometrics();

    private static async Task<Results<Ok<RapidAnswer>, ProblemFailed>> RunAsync(
        string galleryId, RapidRequest body, ImageItems images, SearchService door, HttpContext http)
    {
        // A colour is not told to those who may not know the score, and then nothing is searched for it.
        if (ReleaseOf(http) < ReleaseProfile.Scores)
        {
            return new ProblemFailed(TooSmall);
        }

        SearchBudget budget = http.Budget();
        NotStored notes = NotStored.For(http);
        Parsed<List<Sample>> probe = await images.ReadProbeAsync(body.BiometricData, "biometricData", notes, budget);
        notes.Describe(http.Response);
        try
        {
            return probe.IsFailed ? new ProblemFailed(probe.Failure)
                : await SearchAsync(probe.Value, galleryId, body.Filter, door, http, budget);
        }
        finally
        {
            ProbeErasure.AtEnd(http, body.BiometricData, probe.Value);
        }
    }

    private static async Task<Results<Ok<RapidAnswer>, ProblemFailed>> SearchAsync(
        List<Sample> samples, string gallery, OsiaFilter? filter, SearchService door, HttpContext http,
        SearchBudget budget)
    {
        if (filter?.TargetFpir is not null)
        {
            return new ProblemFailed(new Failure(
                FailureCode.InvalidFilter, "filter.targetFPIR: found one, and a rapid search has its own two"));
        }

        int fingers = 0;
        Parsed<IdentifyAnswer> found = await door.IdentifyAsync(
            samples, "biometricData",
            SearchLoad.Of(Math.Min(samples.Count, Limits.RowsPerProbe), false, false, Rotation.Normal, false),
            prepared =>
            {
                fingers = FingersOf(prepared);
                return fingers < LeastFingers
                    ? new Failure(
                        FailureCode.TooFewFingers,
                        $"biometricData: found {fingers} labelled fingers, wanted {LeastFingers}..10 different ones")
                    : SearchReader.Read(
                        prepared, gallery, (filter ?? new OsiaFilter()) with { TargetFpir = YellowFpir }, null, null,
                        exhaustive: false, fast: false, swappedHands: false, swappedEyes: false, rotation: null);
            },
            Asker.Of(http, Priority.Default), budget, areStored: false);
        if (found.IsFailed)
        {
            return new ProblemFailed(found.Failure);
        }

        IdentifyAnswer answer = found.Value;
        AuditNotes.Of(http)?.Searched(answer, samples);
        CoverageRule.Describe(http.Response, answer);
        return CoverageRule.FailureOf(answer) is { } failure ? new ProblemFailed(failure)
            : answer.Permission.Release < ReleaseProfile.Scores ? new ProblemFailed(TooSmall)
            : TypedResults.Ok(AnswerOf(answer, fingers));
    }

    private static ReleaseProfile ReleaseOf(HttpContext http) =>
        (ReleaseProfile)Math.Min(
            (int)(http.Features.Get<ReleaseCap>()?.Profile ?? ReleaseProfile.Full),
            (int)(http.Use().AtMost ?? ReleaseProfile.Full));

    private static int FingersOf(Probe probe) =>
        probe.Fingers.Select(finger => finger.Position).Where(position => !position.IsUnknown).Distinct().Count();

    /// <summary>The colour of an answer that may be given.</summary>
    internal static RapidAnswer AnswerOf(IdentifyAnswer answer, int fingers)
    {
        Coverage coverage = answer.Coverage;
        long comparable = coverage.IdentitiesComparable;
        double red = Math.Max(answer.Threshold, Fpir.ThresholdFor(RedFpir, comparable));
        return new RapidAnswer(
            answer.Candidates.Count == 0 ? Green : answer.Candidates[0].Score >= red ? Red : Yellow,
            fingers, coverage.IsComplete,
            new RapidThreshold(red, Fpir.At(red, comparable)),
            new RapidThreshold(answer.Threshold, answer.FpirAtThreshold),
            coverage.IdentitiesHeld, coverage.IdentitiesSearched, comparable, AnswerWriter.Candidates(answer));
    }
}

/// <summary>A rapid search.</summary>
internal sealed record RapidRequest
{
    public OsiaFilter? Filter { get; init; }

    /// <summary>Two to ten different fingers, each with its biometricSubType. Irises count for the score too.</summary>
    public required IReadOnlyList<OsiaBiometricData> BiometricData { get; init; }
}

/// <summary>The answer to a rapid search. A colour is no decision about a person.</summary>
/// <param name="Flag">red: a highly probable candidate; yellow: a possible one; green: none, of a whole search.</param>
/// <param name="Fingers">Different fingers that were searched with.</param>
/// <param name="Complete">
/// False where a part of the gallery was not searched: a yellow of it might have been red. Green is then not said.
/// </param>
/// <param name="Red">From which score on a candidate is red.</param>
/// <param name="Yellow">From which score on it is yellow.</param>
/// <param name="IdentitiesHeld">Identities of the gallery.</param>
/// <param name="IdentitiesSearched">Those of them that were looked at.</param>
/// <param name="IdentitiesComparable">The N of both thresholds.</param>
/// <param name="Candidates">The best first; none at green.</param>
internal sealed record RapidAnswer(
    string Flag, int Fingers, bool Complete, RapidThreshold Red, RapidThreshold Yellow, long IdentitiesHeld,
    long IdentitiesSearched, long IdentitiesComparable, IReadOnlyList<OsiaCandidate> Candidates);

/// <param name="Score">-10 log10 FMR.</param>
/// <param name="Fpir">Chance that somebody who is not enrolled reaches it in this gallery.</param>
internal sealed record RapidThreshold(double Score, double Fpir);
