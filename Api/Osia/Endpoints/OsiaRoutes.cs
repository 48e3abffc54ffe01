using System.ComponentModel;
using MatchCluster.Api.Audit;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>
/// OSIA 7.1, ABIS interface 1.6.0, under /v1: 18 paths and 22 operations, with the names of the contract.
/// </summary>
internal static class OsiaRoutes
{
    public static void MapOsia(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder v1 = app.MapGroup("/v1").AddEndpointFilter(OsiaRules.ApplyAsync);
        v1.WithMetadata(AuditRule.Recorded);
        v1.MapEncounters();
        v1.MapPersons();
        v1.MapIdentify();
        v1.MapVerify();
        v1.MapGalleries();
        v1.MapTasks();
    }
}

/// <summary>The query parameters of every OSIA call; <see cref="OsiaRules"/> checks them.</summary>
internal sealed record OsiaCall(
    [property: Description("The caller's, for its own tracing.")]
    [FromQuery(Name = "transactionId")] string TransactionId,
    [property: Description("Where the result is sent: the call is answered with 202 and the id of its task.")]
    [FromQuery(Name = "callback")] string? Callback,
    [property: Description(
        "0 lowest .. 9 highest, default 5: who is searched first and refused last. Writes go as they come.")]
    [FromQuery(Name = "priority")] int? Priority,
    [property: Description("A hint that is not used: there is one algorithm per modality.")]
    [FromQuery(Name = "algorithm")] string? Algorithm);

/// <summary>The query parameters of a search.</summary>
internal sealed record OsiaSearchCall(
    [property: Description("1..1000, default 10.")]
    [FromQuery(Name = "maxNbCand")] int? MaxNbCand,
    [property: Description("Lowest score, -10 log10 FMR. Default: identify, what keeps FPIR at 1 %; verify, 40.")]
    [FromQuery(Name = "threshold")] double? Threshold,
    [property: Description("""
        exhaustive scores every encounter; default lets fingers pass a first stage; fast samples irises too, with
        a loss that the answer states.
        """)]
    [FromQuery(Name = "accuracyLevel")] string? AccuracyLevel,
    [property: Description("0..9; one level is served.")]
    [FromQuery(Name = "serviceLevel")] int? ServiceLevel,
    [property: Description("true looks for everybody with the hands swapped too: a second search.")]
    [FromQuery(Name = "swappedHands")] bool? SwappedHands,
    [property: Description("true looks for everybody with the labels of the eyes swapped too: a second search.")]
    [FromQuery(Name = "swappedEyes")] bool? SwappedEyes,
    [property: Description("""
        full looks for everybody with the fingers turned by 90, 180 and 270 degrees too, and with the eyes upside down:
        the work of four searches, of eyes alone of two;
        normal looks as they are, and upside down where that finds nobody and they look so. Verifications always look
        at every turn.
        """)]
    [FromQuery(Name = "rotation")] string? Rotation)
{
    public bool IsExhaustive => AccuracyLevel == "exhaustive";

    public bool IsFast => AccuracyLevel == "fast";
}
