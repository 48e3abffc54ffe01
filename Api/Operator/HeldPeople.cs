using System.ComponentModel;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Endpoints;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Api.Retention;
using MatchCluster.Matching.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Operator;

/// <summary>
/// People by the query instead of the path: for what an older version stored under identifiers that are refused now
/// (<see cref="IdRule"/>), '.' and '..' among them, which no path can name. They can be read, to be enrolled
/// again under others, and deleted; nothing can be written under them.
/// </summary>
internal static class HeldPeople
{
    public static void Map(RouteGroupBuilder mc)
    {
        mc.MapGet("/persons", ReadAsync).WithName("readHeldPerson").Needs(Scopes.HeldRead)
            .ProtectsAnswer();
        mc.MapDelete("/persons", DeletePersonAsync).WithName("deleteHeldPerson").Needs(Scopes.HeldDelete);
        mc.MapDelete("/encounters", DeleteEncounterAsync).WithName("deleteHeldEncounter").Needs(Scopes.HeldDelete);
    }

    private static async Task<Results<Ok<IReadOnlyList<OsiaEncounter>>, ProblemFailed>> ReadAsync(
        [Description("The person, whatever the identifier.")]
        [FromQuery(Name = "personId")] string personId,
        EncounterService door, HttpContext http)
    {
        if (Check("personId", personId) is { } badId)
        {
            return new ProblemFailed(badId);
        }

        Parsed<IReadOnlyList<Encounter>> all = await door.ReadAllAsync(personId, http.Budget());
        return all.IsFailed ? new ProblemFailed(all.Failure)
            : TypedResults.Ok<IReadOnlyList<OsiaEncounter>>([.. all.Value.Select(AnswerWriter.Of)]);
    }

    private static async Task<Results<NoContent, ProblemFailed>> DeletePersonAsync(
        [Description("The person, whatever the identifier.")]
        [FromQuery(Name = "personId")] string personId,
        Deletions door, HttpContext http) =>
        Check("personId", personId) is { } badId ? new ProblemFailed(badId)
            : AnswerOf(await door.DeleteAsync("deleteHeldPerson", personId, encounterId: null, http));

    private static async Task<Results<NoContent, ProblemFailed>> DeleteEncounterAsync(
        [Description("The person, whatever the identifier.")]
        [FromQuery(Name = "personId")] string personId,
        [Description("The encounter, whatever the identifier.")]
        [FromQuery(Name = "encounterId")] string encounterId,
        Deletions door, HttpContext http) =>
        (Check("personId", personId) ?? Check("encounterId", encounterId)) is { } badId ? new ProblemFailed(badId)
            : AnswerOf(await door.DeleteAsync("deleteHeldEncounter", personId, encounterId, http));

    private static Results<NoContent, ProblemFailed> AnswerOf(Failure? failure) =>
        failure is null ? TypedResults.NoContent() : new ProblemFailed(failure);

    private static Failure? Check(string name, string id) =>
        IdRule.CheckHeld(name, id) is { } wrong ? new Failure(FailureCode.InvalidIdentifier, wrong) : null;
}
