using MatchCluster.Api.Audit;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Api.Retention;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>One encounter: create, read, update, delete, status, galleries.</summary>
internal static class EncounterEndpoints
{
    private const string Encounters = "/persons/{personId}/encounters";
    private const string One = Encounters + "/{encounterId}";

    public static void MapEncounters(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/persons", CreateNoIdsAsync).WithName("createEncounterNoIds").WithTags("CRUD")
            .Needs(Scopes.EncounterWrite).TakesBiometrics();
        v1.MapPost(Encounters, CreateNoIdAsync).WithName("createEncounterNoId").WithTags("CRUD")
            .Needs(Scopes.EncounterWrite).TakesBiometrics();
        v1.MapPost(One, CreateAsync).WithName("createEncounter").WithTags("CRUD")
            .Needs(Scopes.EncounterWrite).TakesBiometrics();
        v1.MapGet(One, ReadAsync).WithName("readEncounter").WithTags("CRUD")
            .Needs(Scopes.EncounterRead).ProtectsAnswer();
        v1.MapPut(One, UpdateAsync).WithName("updateEncounter").WithTags("CRUD")
            .Needs(Scopes.EncounterWrite).TakesBiometrics();
        v1.MapDelete(One, DeleteAsync).WithName("deleteEncounter").WithTags("CRUD")
            .Needs(Scopes.EncounterWrite);
        v1.MapPut(One + "/status", UpdateStatusAsync).WithName("updateEncounterStatus").WithTags("CRUD")
            .Needs(Scopes.EncounterWrite);
        v1.MapPut(One + "/galleries", UpdateGalleriesAsync).WithName("updateEncounterGalleries").WithTags("CRUD")
            .Needs(Scopes.EncounterWrite);
    }

    private static Task<Results<Ok<OsiaExtendablePersonIds>, OsiaFailed>> CreateNoIdsAsync(
        [AsParameters] OsiaCall call, OsiaEncounter body, EncounterService door, HttpContext http)
    {
        string transaction = TransactionOf(http);
        return door.CreateAsync(
            body, Transactions.IdOf(
                "person", Transactions.ScopeOf("createEncounterNoIds", http), transaction),
            null, "createEncounterNoIds", transaction, http);
    }

    private static Task<Results<Ok<OsiaExtendablePersonIds>, OsiaFailed>> CreateNoIdAsync(
        string personId, [AsParameters] OsiaCall call, OsiaEncounter body, EncounterService door, HttpContext http) =>
        door.CreateAsync(body, personId, null, "createEncounterNoId", TransactionOf(http), http);

    private static Task<Results<Ok<OsiaExtendablePersonIds>, OsiaFailed>> CreateAsync(
        string personId, string encounterId, [AsParameters] OsiaCall call, OsiaEncounter body, EncounterService door,
        HttpContext http) =>
        door.CreateAsync(body, personId, encounterId, "createEncounter", TransactionOf(http), http);

    private static Task<Results<Ok<OsiaExtendablePersonIds>, OsiaFailed>> UpdateAsync(
        string personId, string encounterId, [AsParameters] OsiaCall call, OsiaEncounter body, EncounterService door,
        HttpContext http) =>
        door.PutAsync(body, personId, encounterId, encounter => new Write.Update(encounter), http);

    /// <summary>Every OSIA call has one: it is checked before the endpoint runs.</summary>
    private static string TransactionOf(HttpContext http) => IdempotencyKey.Of(http);

    private static async Task<Results<Ok<OsiaEncounter>, OsiaFailed>> ReadAsync(
        string personId, string encounterId, [AsParameters] OsiaCall call, EncounterService door, HttpContext http)
    {
        Parsed<Encounter> found = await door.ReadWithPicturesAsync(personId, encounterId, http.Budget());
        return found.IsFailed ? new OsiaFailed(found.Failure) : TypedResults.Ok(AnswerWriter.Of(found.Value));
    }

    private static async Task<Results<NoContent, OsiaFailed>> DeleteAsync(
        string personId, string encounterId, [AsParameters] OsiaCall call, Deletions door, HttpContext http) =>
        await door.DeleteAsync("deleteEncounter", personId, encounterId, http) is { } failure
            ? new OsiaFailed(failure) : TypedResults.NoContent();

    // The contract lists no 404 for these two; an encounter that does not exist is answered as everywhere
    // else.
    private static async Task<Results<NoContent, OsiaFailed>> UpdateStatusAsync(
        string personId, string encounterId, string status, [AsParameters] OsiaCall call, EncounterService door,
        HttpContext http) =>
        EnumWords<StatusWord>.TryRead(status, out StatusWord word)
            ? await door.ApplyAsync(
                new Write.SetStatus(personId, encounterId,
                    word == StatusWord.Active ? EncounterStatus.Active : EncounterStatus.Inactive),
                http.Budget())
            : new OsiaFailed(Failure.Invalid("status", status, "ACTIVE or INACTIVE"));

    private static async Task<Results<NoContent, OsiaFailed>> UpdateGalleriesAsync(
        string personId, string encounterId, [AsParameters] OsiaCall call,
        [FromBody] IReadOnlyList<string> body, EncounterService door, HttpContext http)
    {
        if (EncounterReader.CheckGalleries(body) is { } failure)
        {
            return new OsiaFailed(failure);
        }

        AuditNotes.Of(http)?.Galleries(body);
        return await door.ApplyAsync(new Write.SetGalleries(personId, encounterId, body), http.Budget());
    }
}
