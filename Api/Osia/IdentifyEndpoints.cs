using MatchCluster.Api.Http;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Answer = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<
        System.Collections.Generic.IReadOnlyList<MatchCluster.Api.Osia.OsiaCandidate>>,
    MatchCluster.Api.Http.OsiaFailed>;

namespace MatchCluster.Api.Osia;

/// <summary>
/// The three identifications. A probe taken from the gallery finds its own person too: that person stays in
/// the list, because leaving it out would hide a second record of the same person under the same id.
/// </summary>
internal static class IdentifyEndpoints
{
    public static void MapIdentify(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/identify/{galleryId}", IdentifyAsync).WithName("identify").WithTags("Search");
        v1.MapPost("/identify/{galleryId}/{personId}", FromIdAsync).WithName("identifyFromId").WithTags("Search");
        v1.MapPost("/identify/{galleryId}/{personId}/encounters/{encounterId}", FromEncounterAsync)
            .WithName("identifyFromEncounterId").WithTags("Search");
    }

    private static async Task<Answer> IdentifyAsync(
        string galleryId, [AsParameters] OsiaCall call, [AsParameters] OsiaSearchCall search,
        OsiaIdentifyRequest body, SearchDoor door, HttpContext http)
    {
        if (body.Encryption is not null || body.Integrity is not null)
        {
            return new OsiaFailed(Protected());
        }

        Mapped<Probe> probe = BiometricDataReader.ReadProbe(body.BiometricData, "biometricData");
        return await SearchAsync(probe, galleryId, body.Filter, search, door, http);
    }

    private static async Task<Answer> FromIdAsync(
        string galleryId, string personId, [AsParameters] OsiaCall call, [AsParameters] OsiaSearchCall search,
        [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] OsiaFilter? body, EncounterDoor encounters,
        SearchDoor door, HttpContext http)
    {
        Mapped<IReadOnlyList<Encounter>> all = await encounters.ReadAllAsync(personId, http.Budget());
        return all.IsFailed ? new OsiaFailed(all.Failure)
            : await SearchAsync(
                ProbeOf(all.Value.Where(encounter => encounter.Status == EncounterStatus.Active)),
                galleryId, body, search, door, http);
    }

    private static async Task<Answer> FromEncounterAsync(
        string galleryId, string personId, string encounterId, [AsParameters] OsiaCall call,
        [AsParameters] OsiaSearchCall search,
        [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] OsiaFilter? body, EncounterDoor encounters,
        SearchDoor door, HttpContext http)
    {
        Mapped<Encounter> found = await encounters.ReadAsync(personId, encounterId, http.Budget());
        return found.IsFailed ? new OsiaFailed(found.Failure)
            : await SearchAsync(ProbeOf([found.Value]), galleryId, body, search, door, http);
    }

    private static async Task<Answer> SearchAsync(
        Mapped<Probe> probe, string gallery, OsiaFilter? filter, OsiaSearchCall search, SearchDoor door,
        HttpContext http)
    {
        if (probe.IsFailed)
        {
            return new OsiaFailed(probe.Failure);
        }

        Mapped<IdentifyRequest> request =
            SearchReader.Read(
                probe.Value, gallery, filter, search.MaxNbCand, search.Threshold, search.IsExhaustive,
                search.IsFast, search.SwappedHands ?? false);
        if (request.IsFailed)
        {
            return new OsiaFailed(request.Failure);
        }

        Mapped<IdentifyAnswer> answer = await door.IdentifyAsync(
            request.Value, Priority.Of(http, Priority.Default), http.Budget());
        if (answer.IsFailed)
        {
            return new OsiaFailed(answer.Failure);
        }

        Covered.Describe(http.Response, answer.Value);
        return Covered.FailureOf(answer.Value) is { } failure
            ? new OsiaFailed(failure)
            : TypedResults.Ok(AnswerWriter.Candidates(answer.Value));
    }

    /// <summary>Stored samples as a probe, the latest encounters first where there are too many.</summary>
    private static Mapped<Probe> ProbeOf(IEnumerable<Encounter> encounters)
    {
        Sample[] samples = [.. encounters
            .OrderByDescending(encounter => encounter.Created)
            .SelectMany(encounter => encounter.Samples)];
        if (samples.Length == 0)
        {
            return new Failure(FailureCode.InvalidBiometricData, "the person has no active sample to search with");
        }

        Decoded<Probe> probe = ProbeBuilder.OfStored(samples);
        return probe.IsAccepted ? probe.Value
            : new Failure(FailureCode.RejectedTemplate, $"stored samples: {probe.Rejection}");
    }

    private static Failure Protected() => new(
        FailureCode.UnsupportedBiometricData, "encryption, integrity: not supported in this version");
}
