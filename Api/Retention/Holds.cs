using System.ComponentModel;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Retention;

/// <summary>
/// Legal holds: an encounter that a court wants is neither deleted nor replaced nor moved, and not erased when it
/// expires. Whose gallery it is in does not matter for that.
/// </summary>
internal static class Holds
{
    public static void Map(IEndpointRouteBuilder mc)
    {
        const string One = "/holds/{personId}/{encounterId}";
        mc.MapPut(One, BeginAsync).WithName("beginLegalHold").Needs(Scopes.Hold)
            .WithDescription("Keeps an encounter: nobody deletes, replaces or moves it, and it is not erased.");
        mc.MapDelete(One, EndAsync).WithName("endLegalHold").Needs(Scopes.Hold)
            .WithDescription("Lets it go: an encounter that has expired meanwhile is erased soon.");
    }

    private static Task<Results<NoContent, ProblemFailed>> BeginAsync(
        [Description("The person.")] string personId, [Description("The encounter.")] string encounterId,
        EncounterRoot root, HttpContext http) =>
        SetAsync(new Write.SetHold(personId, encounterId, IsHeld: true), root, http);

    private static Task<Results<NoContent, ProblemFailed>> EndAsync(
        [Description("The person.")] string personId, [Description("The encounter.")] string encounterId,
        EncounterRoot root, HttpContext http) =>
        SetAsync(new Write.SetHold(personId, encounterId, IsHeld: false), root, http);

    private static async Task<Results<NoContent, ProblemFailed>> SetAsync(
        Write write, EncounterRoot root, HttpContext http)
    {
        WriteResult result = (await root.ApplyAsync([write], http.Budget().For(Use.Internal)))[0];
        return Failure.Of(result.Refusal, result.Outage) is { } failure
            ? new ProblemFailed(failure) : TypedResults.NoContent();
    }
}
