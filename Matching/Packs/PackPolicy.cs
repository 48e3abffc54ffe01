using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Packs;

/// <summary>
/// What may be done with a copy that was made of a pack: it is searched until it expires, and nobody changes it. What
/// the server's own rules allow comes after that.
/// </summary>
/// <param name="inner">The server's own rules.</param>
/// <param name="manifest">The pack.</param>
/// <param name="clock">Whether it has expired.</param>
public sealed class PackPolicy(IUsePolicy inner, PackManifest manifest, TimeProvider clock) : IUsePolicy
{
    /// <summary>How much earlier a clock may be than the one of the origin.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public ValueTask<UseDecision> DecideAsync(Use use, UseRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(use);
        return RefusalOf(use, request.Operation) is { } refused
            ? ValueTask.FromResult(refused) : inner.DecideAsync(use, request, cancel);
    }

    private UseDecision? RefusalOf(Use use, Operation operation)
    {
        if (use.IsInternal)
        {
            return null;
        }

        if (operation is Operation.Enrol or Operation.Change or Operation.Delete)
        {
            return UseDecision.Refused(
                UseRule.PackReadOnly, $"this is a copy of the gallery {manifest.GalleryId}: nobody changes it here");
        }

        DateTimeOffset now = clock.GetUtcNow();
        return operation is Operation.Compare or Operation.ListGalleries ? null
            : now >= manifest.Expires ? UseDecision.Refused(
                UseRule.PackExpired, $"the pack expired at {manifest.Expires:O}; import a new one")
            : now < manifest.Created - ClockTolerance ? UseDecision.Refused(
                UseRule.PackExpired,
                $"the clock says {now:O}, and the pack was made at {manifest.Created:O}: set the clock")
            : null;
    }
}
