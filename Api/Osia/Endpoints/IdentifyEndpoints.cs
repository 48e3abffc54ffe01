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
using MatchCluster.Matching.Seam;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Answer = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<
        System.Collections.Generic.IReadOnlyList<MatchCluster.Api.Osia.Contract.OsiaCandidate>>,
    MatchCluster.Api.Http.Failures.OsiaFailed>;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>
/// The three identifications. A probe taken from the gallery finds its own person too: that person stays in
/// the list, because leaving it out would hide a second record of the person under the same id.
/// </summary>
internal static class IdentifyEndpoints
{
    public static void MapIdentify(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/identify/{galleryId}", IdentifyAsync).WithName("identify").WithTags("Search")
            .Needs(Scopes.Identify).TakesBiometrics();
        v1.MapPost("/identify/{galleryId}/{personId}", FromIdAsync).WithName("identifyFromId").WithTags("Search")
            .Needs(Scopes.Identify);
        v1.MapPost("/identify/{galleryId}/{personId}/encounters/{encounterId}", FromEncounterAsync)
            .WithName("identifyFromEncounterId").WithTags("Search")
            .Needs(Scopes.Identify);
    }

    private static async Task<Answer> IdentifyAsync(
        string galleryId, [AsParameters] OsiaCall call, [AsParameters] OsiaSearchCall search,
        OsiaIdentifyRequest body, ImageItems images, SearchService door, HttpContext http)
    {
        if (body.Encryption is not null || body.Integrity is not null)
        {
            return new OsiaFailed(Protected());
        }

        SearchBudget budget = http.Budget();
        NotStored notes = NotStored.For(http);
        Parsed<List<Sample>> probe = await images.ReadProbeAsync(body.BiometricData, "biometricData", notes, budget);
        notes.Describe(http.Response);
        try
        {
            return await SearchAsync(
                probe, areStored: false, galleryId, body.Filter, search, door, http, budget, notes.Forgiven);
        }
        finally
        {
            ProbeErasure.AtEnd(http, body.BiometricData, probe.Value);
        }
    }

    private static async Task<Answer> FromIdAsync(
        string galleryId, string personId, [AsParameters] OsiaCall call, [AsParameters] OsiaSearchCall search,
        [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] OsiaFilter? body, EncounterService encounters,
        SearchService door, HttpContext http)
    {
        SearchBudget budget = http.Budget();
        Parsed<IReadOnlyList<Encounter>> all = await encounters.ReadAllAsync(personId, budget);
        return all.IsFailed ? new OsiaFailed(all.Failure)
            : await SearchAsync(
                StoredSamples.Of(all.Value), areStored: true, galleryId, body, search, door, http, budget);
    }

    private static async Task<Answer> FromEncounterAsync(
        string galleryId, string personId, string encounterId, [AsParameters] OsiaCall call,
        [AsParameters] OsiaSearchCall search,
        [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] OsiaFilter? body, EncounterService encounters,
        SearchService door, HttpContext http)
    {
        SearchBudget budget = http.Budget();
        Parsed<Encounter> found = await encounters.ReadAsync(personId, encounterId, budget);
        return found.IsFailed ? new OsiaFailed(found.Failure)
            : await SearchAsync(
                StoredSamples.Of([found.Value]), areStored: true, galleryId, body, search, door, http, budget);
    }

    private static async Task<Answer> SearchAsync(
        Parsed<List<Sample>> samples, bool areStored, string gallery, OsiaFilter? filter, OsiaSearchCall search,
        SearchService door, HttpContext http, SearchBudget budget, IReadOnlyList<string>? forgiven = null)
    {
        if (samples.IsFailed)
        {
            return new OsiaFailed(samples.Failure);
        }

        Parsed<IdentifyAnswer> answer = await door.IdentifyAsync(
            samples.Value, areStored ? StoredSamples.Name : "biometricData",
            SearchLoad.Of(
                Math.Min(samples.Value.Count, Limits.RowsPerProbe), search.IsExhaustive,
                search.SwappedHands ?? false, RotationWord.Of(search.Rotation), search.SwappedEyes ?? false),
            probe => SearchReader.Read(
                probe, gallery, filter, search.MaxNbCand, search.Threshold, search.IsExhaustive,
                search.IsFast, search.SwappedHands ?? false, search.SwappedEyes ?? false, search.Rotation),
            Asker.Of(http, Priority.Default), budget, areStored);
        if (answer.IsFailed)
        {
            return new OsiaFailed(answer.Failure);
        }

        AuditNotes.Of(http)?.Searched(answer.Value, samples.Value);
        CoverageRule.Describe(http.Response, answer.Value);
        return CoverageRule.FailureOf(answer.Value) is { } failure
            ? new OsiaFailed(failure)
            : TypedResults.Ok(AnswerWriter.Candidates(answer.Value, forgiven));
    }

    private static Failure Protected() => new(
        FailureCode.UnsupportedBiometricData, "encryption, integrity: not supported in this version");
}
