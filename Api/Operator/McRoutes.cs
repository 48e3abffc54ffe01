using MatchCluster.Api.Administration;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Feeds;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Jobs;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Retention;
using MatchCluster.Api.Streams;
using MatchCluster.Api.Subscriptions;
using MatchCluster.Api.Unique;

namespace MatchCluster.Api.Operator;

/// <summary>What OSIA has no word for, under /mc/v1, with RFC 9457 problem documents.</summary>
internal static class McRoutes
{
    public static void MapMc(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder mc = app.MapGroup("/mc/v1").AddEndpointFilter(CheckAsync).WithTags("MatchCluster");
        mc.WithMetadata(AuditRule.Recorded);
        mc.MapPost("/identify/{galleryId}", BatchIdentify.RunAsync).WithName("batchIdentify")
            .Needs(Scopes.BatchIdentify)
            .Accepts<BatchProbe>(NdjsonWriter.ContentType)
            .Produces<BatchAnswer>(contentType: NdjsonWriter.ContentType);
        mc.MapPost("/enrol", BulkEnrol.RunAsync).WithName("bulkEnrol").Needs(Scopes.BulkEnrol)
            .Accepts<EnrolLine>(NdjsonWriter.ContentType)
            .Produces<EnrolAnswer>(contentType: NdjsonWriter.ContentType);
        EnrolIfUnique.Map(mc);
        mc.MapPost("/explain/{galleryId}/{personId}/{encounterId}", Explain.RunAsync).WithName("explainCandidate")
            .Needs(Scopes.Explain).TakesBiometrics().ProtectsAnswer();
        mc.MapPost("/extract", Extract.RunAsync).WithName("extractTemplates").Needs(Scopes.Extract)
            .TakesBiometrics().ProtectsAnswer();
        HeldPeople.Map(mc);
        Holds.Map(mc);
        mc.MapGet("/galleries/{galleryId}", GalleryStateRead.RunAsync).WithName("readGalleryState")
            .Needs(Scopes.GalleryRead);
        ChangesRead.Map(mc);
        PackRoutes.Map(mc);
        GalleryKeyEndpoints.Map(mc);
        CallbackKeys.Map(mc);
        RapidSearch.Map(mc);
        mc.MapAdministration();
        CaseRoutes.Map(mc);
        TaskRoutes.Map(mc);
        JobRoutes.Map(mc);
        SubscriptionRoutes.Map(mc);
        AuditRule counts = AuditRule.Exempt("it holds counts and times, and nobody's data");
        mc.MapGet("/stats", Stats.ReadAsync).WithName("readStats").Needs(Scopes.Stats).WithMetadata(counts);
        mc.MapGet("/live", Live.Read).WithName("readLive").Needs(Scopes.Stats).WithMetadata(counts);

        // The lines are canonical JSON of the log's own form, which docs/audit.md describes.
        mc.MapGet("/audit", AuditRead.RunAsync).WithName("readAudit").Needs(Scopes.Audit)
            .Produces<string>(contentType: NdjsonWriter.ContentType);
        mc.MapGet("/audit/export", AuditRead.ExportAsync).WithName("exportAudit").Needs(Scopes.Audit)
            .Produces<string>(contentType: NdjsonWriter.ContentType);
    }

    private static async ValueTask<object?> CheckAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        Failure? failure = http.Request.RouteValues
            .Select(pair => Identifiers.Check(pair.Key, pair.Value as string))
            .FirstOrDefault(bad => bad is not null) ?? Deadline.Check(http.Request)
            ?? Unsupported.Check(http.Request) ?? ImageHeaders.Check(http.Request)
            ?? Priority.Check(http.Request.Query, Priority.Name) ?? ServiceLevels.Check(http);
        return failure is null ? await next(context) : new ProblemFailed(failure);
    }
}
