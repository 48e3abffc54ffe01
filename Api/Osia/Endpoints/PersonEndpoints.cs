using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Api.Retention;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>A person as a whole: read, delete, merge, move; and the templates of one encounter.</summary>
internal static class PersonEndpoints
{
    public static void MapPersons(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/persons/{personId}/encounters", ReadAllAsync).WithName("readAllEncounters").WithTags("CRUD")
            .Needs(Scopes.EncounterRead).ProtectsAnswer();
        v1.MapDelete("/persons/{personId}", DeleteAllAsync).WithName("deleteAll").WithTags("CRUD")
            .Needs(Scopes.EncounterWrite);
        v1.MapPost("/persons/{personIdTarget}/merge/{personIdSource}", MergeAsync)
            .WithName("mergeEncounter").WithTags("CRUD")
            .Needs(Scopes.EncounterWrite);
        v1.MapPost("/persons/{personIdTarget}/move/{personIdSource}/encounters/{encounterId}", MoveAsync)
            .WithName("moveEncounter").WithTags("CRUD")
            .Needs(Scopes.EncounterWrite);
        v1.MapGet("/persons/{personId}/encounters/{encounterId}/templates", ReadTemplateAsync)
            .WithName("readTemplate").WithTags("CRUD")
            .Needs(Scopes.EncounterRead).ProtectsAnswer();
    }

    private static async Task<Results<Ok<IReadOnlyList<OsiaEncounter>>, OsiaFailed>> ReadAllAsync(
        string personId, [AsParameters] OsiaCall call, EncounterService door, HttpContext http)
    {
        Parsed<IReadOnlyList<Encounter>> all = await door.ReadAllAsync(personId, http.Budget());
        return all.IsFailed ? new OsiaFailed(all.Failure)
            : TypedResults.Ok<IReadOnlyList<OsiaEncounter>>([.. all.Value.Select(AnswerWriter.Of)]);
    }

    private static async Task<Results<NoContent, OsiaFailed>> DeleteAllAsync(
        string personId, [AsParameters] OsiaCall call, Deletions door, HttpContext http) =>
        await door.DeleteAsync("deleteAll", personId, encounterId: null, http) is { } failure
            ? new OsiaFailed(failure) : TypedResults.NoContent();

    private static async Task<Results<NoContent, OsiaFailed>> MergeAsync(
        string personIdTarget, string personIdSource, [AsParameters] OsiaCall call, EncounterRoot root,
        HttpContext http) =>
        AnswerOf(await root.MergeAsync(personIdTarget, personIdSource, http.Budget()));

    private static async Task<Results<NoContent, OsiaFailed>> MoveAsync(
        string personIdTarget, string personIdSource, string encounterId, [AsParameters] OsiaCall call,
        EncounterRoot root, HttpContext http) =>
        AnswerOf(await root.MoveAsync(personIdTarget, personIdSource, encounterId, http.Budget()));

    private static Results<NoContent, OsiaFailed> AnswerOf(WriteResult result) =>
        EncounterService.FailureOf(result) is { } failure ? new OsiaFailed(failure) : TypedResults.NoContent();

    private static async Task<Results<Ok<IReadOnlyList<OsiaComputedData>>, OsiaFailed>> ReadTemplateAsync(
        string personId, string encounterId, [AsParameters] OsiaCall call, [AsParameters] TemplateQuery query,
        EncounterService door, HttpContext http)
    {
        Parsed<TemplateSelection> selection = TemplateSelection.Read(query);
        if (selection.IsFailed)
        {
            return new OsiaFailed(selection.Failure);
        }

        Parsed<Encounter> found = await door.ReadAsync(personId, encounterId, http.Budget());
        if (found.IsFailed)
        {
            return new OsiaFailed(found.Failure);
        }

        Parsed<List<OsiaComputedData>> templates = selection.Value.Of(found.Value.Samples);
        return templates.IsFailed ? new OsiaFailed(templates.Failure)
            : TypedResults.Ok<IReadOnlyList<OsiaComputedData>>(templates.Value);
    }
}

/// <summary>The query parameters of readTemplate.</summary>
internal sealed record TemplateQuery(
    [FromQuery(Name = "biometricType")] string? BiometricType,
    [FromQuery(Name = "biometricSubType")] string? BiometricSubType,
    [FromQuery(Name = "instance")] string? Instance,
    [FromQuery(Name = "templateFormat")] string? TemplateFormat,
    [FromQuery(Name = "qualityFormat")] string? QualityFormat);
