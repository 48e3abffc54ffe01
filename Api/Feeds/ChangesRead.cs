using MatchCluster.Api.Audit;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Matching;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Feeds;

/// <summary>The changes of a gallery, for somebody who keeps a copy of it (docs/feed.md).</summary>
internal static class ChangesRead
{
    private const int DefaultLimit = 100;

    /// <summary>Between two looks of a call that waits.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private static int waiting;

    /// <summary>Calls of this process that wait for a change.</summary>
    internal static int Waiting => Volatile.Read(ref waiting);

    public static void Map(RouteGroupBuilder mc) =>
        mc.MapGet("/galleries/{galleryId}/changes", RunAsync).WithName("readGalleryChanges").Needs(Scopes.Changes)
            .ProtectsAnswer();

    private static async Task<Results<Ok<ChangesBody>, ProblemFailed>> RunAsync(
        string galleryId, ChangeRoot root, TimeProvider clock, HttpContext http,
        [FromQuery(Name = "after")] long after = 0,
        [FromQuery(Name = "limit")] int limit = DefaultLimit,
        [FromQuery(Name = "wait")] int wait = 0,
        [FromQuery(Name = "content")] string content = ChangesBody.None)
    {
        AuditNotes.Of(http)?.Gallery(galleryId);
        Failure? wrong = after < 0 ? Failure.Invalid("after", $"{after}", "a sequence, 0 or more")
            : limit is < 0 or > Limits.ChangesPerRead
                ? Failure.Invalid("limit", $"{limit}", $"0..{Limits.ChangesPerRead}")
            : wait is < 0 or > ApiLimits.FeedWaitSeconds
                ? Failure.Invalid("wait", $"{wait}", $"0..{ApiLimits.FeedWaitSeconds} seconds")
            : !ChangesBody.Contents.Contains(content)
                ? Failure.Invalid("content", content, string.Join(", ", ChangesBody.Contents))
            : !root.IsKept ? FeedFailures.NotKept : null;
        if (wrong is not null)
        {
            return new ProblemFailed(wrong);
        }

        bool withContent = content != ChangesBody.None;
        Parsed<ChangesAnswer> waited = await ReadAsync(wait);
        if (waited.IsFailed)
        {
            return new ProblemFailed(waited.Failure);
        }

        ChangesAnswer answer = waited.Value;
        return limit > 0 && answer.Page.Lacks(after)
                ? new ProblemFailed(FeedFailures.Lacking(answer.Page.Position, after))
            : answer.Outage is { } outage ? new ProblemFailed(Failure.Of(outage))
            : TypedResults.Ok(ChangesBody.Of(galleryId, after, answer, content));

        async Task<Parsed<ChangesAnswer>> ReadAsync(int seconds)
        {
            long began = clock.GetTimestamp();
            bool waits = false;
            try
            {
                while (true)
                {
                    SearchBudget budget = http.Budget();

                    // At each look: an agreement may end while its call waits.
                    UseDecision decision = await root.DecideAsync(galleryId, withContent, budget);
                    if (decision.Refusal is { } refusal)
                    {
                        return Failure.Of(refusal);
                    }

                    ChangesAnswer read = await root.ReadAsync(
                        galleryId, after, limit, withContent, decision, budget);
                    TimeSpan left = TimeSpan.FromSeconds(seconds) - clock.GetElapsedTime(began);
                    if (limit == 0 || read.Page.Changes.Count > 0 || read.Page.Lacks(after)
                        || left <= TimeSpan.Zero)
                    {
                        return read;
                    }

                    if (!waits && Interlocked.Increment(ref waiting) > ApiLimits.FeedWaiters)
                    {
                        waits = true;
                        return FeedFailures.TooManyWait;
                    }

                    waits = true;
                    await Task.Delay(left < LookEvery ? left : LookEvery, clock, http.RequestAborted);
                }
            }
            finally
            {
                if (waits)
                {
                    Interlocked.Decrement(ref waiting);
                }
            }
        }
    }
}
