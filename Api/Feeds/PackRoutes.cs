using System.Security.Cryptography;
using System.Text.Json;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Searching;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Feeds;

/// <summary>Packs of galleries, and what their copies report (docs/packs.md).</summary>
internal static class PackRoutes
{
    /// <summary>Content type of a pack.</summary>
    public const string ContentType = "application/vnd.matchcluster.pack";

    /// <summary>Names the pack of an answer.</summary>
    public const string IdHeader = "MatchCluster-Pack";

    private const int DefaultLimit = 100;

    public static void Map(RouteGroupBuilder mc)
    {
        mc.MapPost("/galleries/{galleryId}/pack", MakeAsync).WithName("makePack").Needs(Scopes.Pack)
            .Produces<string>(contentType: ContentType);
        mc.MapPost("/packs/{packId}/hits", ReportAsync).WithName("reportPackHits").Needs(Scopes.PackReport);
        mc.MapGet("/packs/{packId}/hits", ReadAsync).WithName("readPackHits").Needs(Scopes.Pack);
    }

    private static async Task<Results<FileStreamHttpResult, ProblemFailed>> MakeAsync(
        string galleryId, PackRequest body, Backend backend, ChangeRoot changes, IPartitionDirectory partitions,
        TimeProvider clock, ILoggerFactory log, HttpContext http)
    {
        AuditNotes.Of(http)?.Gallery(galleryId);
        if (backend.Packs is not { } desk)
        {
            return new ProblemFailed(FeedFailures.NoPacks);
        }

        if (Wrong(galleryId, body) is { } wrong)
        {
            return new ProblemFailed(wrong);
        }

        UseDecision decision = await changes.DecideAsync(galleryId, withContent: true, http.Budget());
        if (decision.Refusal is { } refusal)
        {
            return new ProblemFailed(Failure.Of(refusal));
        }

        IDisposable? place = desk.Places.Take(http.Caller().Partner);
        if (place is null)
        {
            return new ProblemFailed(FeedFailures.PacksUnread);
        }

        if (!await desk.Turn.WaitAsync(TimeSpan.Zero))
        {
            place.Dispose();
            return new ProblemFailed(FeedFailures.PackBeingMade);
        }

        FileStream? file = null;
        try
        {
            using PackIdentity recipient = PackIdentity.Read(body.Recipient);
            file = desk.NewFile();
            PackManifest manifest = ManifestOf(galleryId, body, backend, desk, clock.GetUtcNow(), partitions.All.Count);
            PackSummary made = await new PackExport(partitions, backend.Feed).WriteAsync(
                file, manifest, body.Persons?.ToHashSet(StringComparer.Ordinal), recipient, desk.Signer,
                SearchBudget.Of(ApiLimits.PackTime, http.RequestAborted).For(Use.Internal));
            await desk.Store.AddAsync(
                new IssuedPack(
                    manifest.PackId, galleryId, recipient.PublicPem, manifest.Created, manifest.Expires,
                    made.State.Encounters),
                http.RequestAborted);
            file.Position = 0;
            http.Response.Headers[IdHeader] = manifest.PackId;
            SentPack sent = new(file, place, clock, ApiLimits.PackSendTime);
            http.Response.RegisterForDispose(sent);
            file = null;
            place = null;
            return TypedResults.File(sent, ContentType, $"{manifest.PackId}.mcpack");
        }
        catch (PackException no)
        {
            return new ProblemFailed(new Failure(FailureCode.PackNotMade, no.Message));
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            log.CreateLogger(typeof(PackRoutes)).PackNotWritten(full);
            return new ProblemFailed(FeedFailures.PackNotWritten);
        }
        finally
        {
            desk.Turn.Release();
            if (file is not null)
            {
                await file.DisposeAsync();
            }

            place?.Dispose();
        }
    }

    private static async Task<Results<Ok<PackReportAnswer>, ProblemFailed>> ReportAsync(
        string packId, JsonElement body, Backend backend, HttpContext http)
    {
        if (backend.Packs is not { } desk)
        {
            return new ProblemFailed(FeedFailures.NoPacks);
        }

        if (await desk.Store.FindAsync(packId, http.RequestAborted) is not { } pack)
        {
            return new ProblemFailed(FeedFailures.UnknownPack);
        }

        AuditNotes.Of(http)?.Gallery(pack.GalleryId);
        if (PackReport.Read(body.GetRawText(), packId, pack.Recipient) is not { } hits)
        {
            return new ProblemFailed(FeedFailures.ReportRefused);
        }

        int added = await desk.Store.AddHitsAsync(packId, hits, http.RequestAborted);
        return TypedResults.Ok(new PackReportAnswer(packId, hits.Count, added));
    }

    private static async Task<Results<Ok<PackHitsAnswer>, ProblemFailed>> ReadAsync(
        string packId, Backend backend, ChangeRoot changes, HttpContext http,
        [FromQuery(Name = "after")] long after = 0,
        [FromQuery(Name = "limit")] int limit = DefaultLimit)
    {
        Failure? wrong = after < 0 ? Failure.Invalid("after", $"{after}", "a count of hits, 0 or more")
            : limit is < 1 or > PackReport.MostHits
                ? Failure.Invalid("limit", $"{limit}", $"1..{PackReport.MostHits}") : null;
        if (wrong is not null || backend.Packs is null)
        {
            return new ProblemFailed(wrong ?? FeedFailures.NoPacks);
        }

        if (await backend.Packs.Store.FindAsync(packId, http.RequestAborted) is not { } pack)
        {
            return new ProblemFailed(FeedFailures.UnknownPack);
        }

        AuditNotes.Of(http)?.Gallery(pack.GalleryId);
        UseDecision decision = await changes.DecideAsync(pack.GalleryId, withContent: true, http.Budget());
        if (decision.Refusal is { } refusal)
        {
            return new ProblemFailed(Failure.Of(refusal));
        }

        IReadOnlyList<PackHit> hits = await backend.Packs.Store.ReadHitsAsync(
            packId, after, limit, http.RequestAborted);
        return TypedResults.Ok(new PackHitsAnswer(
            packId, pack.GalleryId, after + hits.Count,
            [.. hits.Select(hit => JsonSerializer.Deserialize(hit.Json.Span, HitJson.Default.PackHitBody)!)]));
    }

    private static Failure? Wrong(string galleryId, PackRequest body) =>
        galleryId == Search.AllGalleries
            ? Failure.Invalid("galleryId", galleryId, "the name of one gallery")
        : body.Days is < 1 or > ApiLimits.PackDays
            ? Failure.Invalid("days", $"{body.Days}", $"1..{ApiLimits.PackDays}")
        : body.Persons is { Count: 0 or > ApiLimits.PackPersons }
            ? Failure.Invalid("persons", $"{body.Persons.Count} ids", $"1..{ApiLimits.PackPersons} ids, or none at all")
        : body.Persons?.Select(person => IdRule.CheckHeld("persons", person)).FirstOrDefault(bad => bad is not null)
            is { } bad ? new Failure(FailureCode.InvalidIdentifier, bad) : null;

    private static PackManifest ManifestOf(
        string gallery, PackRequest body, Backend backend, PackDesk desk, DateTimeOffset now, int partitions) => new()
        {
            PackId = "K-" + RandomNumberGenerator.GetHexString(24, lowercase: true),
            GalleryId = gallery,
            Created = now,
            Expires = now.AddDays(body.Days),
            Partitions = partitions,
            Calibration = (backend.Calibration ?? ScoreCalibration.Default).Id,
            Engine = EngineVersion.Text,
            IsPart = body.Persons is not null,
            StateKey = desk.Keys.Of(gallery).Key,
        };
}
