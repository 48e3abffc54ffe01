using MatchCluster.Api.Audit;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;
using Answer = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<MatchCluster.Api.Osia.Contract.OsiaVerifyAnswer>,
    MatchCluster.Api.Http.Failures.OsiaFailed>;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>
/// The two verifications. Without a threshold, 40 decides: one false match in 10,000 comparisons. "decision"
/// says that the score reaches the threshold, nothing more.
/// </summary>
internal static class VerifyEndpoints
{
    public static void MapVerify(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/verify/{galleryId}/{personId}", FromIdAsync).WithName("verifyFromId").WithTags("Search")
            .Needs(Scopes.Verify).TakesBiometrics();
        v1.MapPost("/verify", FromBioAsync).WithName("verifyFromBio").WithTags("Search")
            .Needs(Scopes.Verify).TakesBiometrics();
    }

    private static async Task<Answer> FromIdAsync(
        string galleryId, string personId, [AsParameters] OsiaCall call, [AsParameters] OsiaSearchCall search,
        OsiaVerifyFromIdRequest body, ImageItems images, SearchService door, HttpContext http)
    {
        if (Check(search, body.Encryption is not null || body.Integrity is not null) is { } failure)
        {
            return new OsiaFailed(failure);
        }

        SearchBudget budget = http.Budget();
        NotStored notes = NotStored.For(http);
        Parsed<List<Sample>> probe = await images.ReadProbeAsync(body.BiometricData, "biometricData", notes, budget);
        notes.Describe(http.Response);
        ProbeErasure.AtEnd(http, body.BiometricData, probe.Value);
        return probe.IsFailed ? new OsiaFailed(probe.Failure)
            : AnswerOf(http, door.Calibration, search, probe.Value, personId, await door.VerifyAsync(
                probe.Value, galleryId, personId, search.Threshold ?? ApiLimits.VerifyThreshold,
                Asker.Of(http, Priority.Default), budget));
    }

    private static async Task<Answer> FromBioAsync(
        [AsParameters] OsiaCall call, [AsParameters] OsiaSearchCall search, OsiaVerifyFromBioRequest body,
        ImageItems images, PairService door, HttpContext http)
    {
        SearchBudget budget = http.Budget();
        if (Check(search, body.Encryption is not null || body.Integrity is not null) is { } failure)
        {
            return new OsiaFailed(failure);
        }

        NotStored notes = NotStored.For(http);
        Parsed<List<Sample>> probe = await images.ReadProbeAsync(body.BiometricData1, "biometricData1", notes, budget);
        ProbeErasure.AtEnd(http, body.BiometricData1.Concat(body.BiometricData2), probe.Value);
        if (probe.IsFailed)
        {
            return new OsiaFailed(probe.Failure);
        }

        Parsed<List<Sample>> reference =
            await images.ReadAsync(body.BiometricData2, "biometricData2", notes, budget);
        ProbeErasure.AtEnd(http, [], reference.Value);
        notes.Describe(http.Response);
        return reference.IsFailed ? new OsiaFailed(reference.Failure)
            : AnswerOf(
                http, door.Calibration, search, [.. probe.Value, .. reference.Value], null,
                await door.CompareAsync(
                    probe.Value, reference.Value, search.Threshold ?? ApiLimits.VerifyThreshold,
                    Asker.Of(http, Priority.Default), budget));
    }

    private static Failure? Check(OsiaSearchCall search, bool isProtected) =>
        isProtected
            ? new Failure(FailureCode.UnsupportedBiometricData, "encryption, integrity: not supported in this version")
            : SearchReader.CheckThreshold(search.Threshold);

    private static Answer AnswerOf(
        HttpContext http, ScoreCalibration calibration, OsiaSearchCall search, IReadOnlyList<Sample> samples,
        string? personId, Parsed<VerifyAnswer> answer)
    {
        if (answer.IsFailed)
        {
            return new OsiaFailed(answer.Failure);
        }

        AuditNotes.Of(http)?.Compared(
            search.Threshold ?? ApiLimits.VerifyThreshold, calibration.Id, answer.Value.Decision, samples, personId);
        http.Response.Headers[CoverageRule.CalibrationHeader] = calibration.Id;
        http.Response.Headers[CoverageRule.ReleaseHeader] = ReleaseWords.Of(answer.Value.Permission.Release);
        return TypedResults.Ok(AnswerWriter.Of(answer.Value, calibration));
    }
}
