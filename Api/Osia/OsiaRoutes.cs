using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Osia;

/// <summary>
/// OSIA 7.1, ABIS interface 1.6.0, under /v1: 18 paths and 22 operations, with the names of the contract.
/// </summary>
internal static class OsiaRoutes
{
    public static void MapOsia(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder v1 = app.MapGroup("/v1").AddEndpointFilter(OsiaRules.ApplyAsync);
        v1.MapEncounters();
        v1.MapPersons();
        v1.MapIdentify();
        v1.MapVerify();
        v1.MapGalleries();
        v1.MapTasks();
    }
}

/// <summary>The query parameters of every OSIA call; <see cref="OsiaRules"/> checks them.</summary>
/// <param name="TransactionId">Required; the caller's, for its own tracing.</param>
/// <param name="Callback">The asynchronous form: not offered yet, 501.</param>
/// <param name="Priority">0 lowest .. 9 highest.</param>
/// <param name="Algorithm">A hint; there is one algorithm per modality.</param>
internal sealed record OsiaCall(
    [FromQuery(Name = "transactionId")] string TransactionId,
    [FromQuery(Name = "callback")] string? Callback,
    [FromQuery(Name = "priority")] int? Priority,
    [FromQuery(Name = "algorithm")] string? Algorithm);

/// <summary>The query parameters of a search.</summary>
/// <param name="MaxNbCand">1..1000, default 10.</param>
/// <param name="Threshold">Lowest score, -10 log10 FMR; default: what keeps FPIR at 1 % (verify: 40).</param>
/// <param name="AccuracyLevel">"exhaustive" or "default"; both compare every row in this version.</param>
/// <param name="ServiceLevel">0..9; one level is served.</param>
internal sealed record OsiaSearchCall(
    [FromQuery(Name = "maxNbCand")] int? MaxNbCand,
    [FromQuery(Name = "threshold")] double? Threshold,
    [FromQuery(Name = "accuracyLevel")] string? AccuracyLevel,
    [FromQuery(Name = "serviceLevel")] int? ServiceLevel);
