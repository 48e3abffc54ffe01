using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Searching;

/// <summary>Who asks, and how urgently.</summary>
/// <param name="Share">The part of the machine that the caller has.</param>
/// <param name="Priority">How urgent it is.</param>
internal sealed record Asker(CallerShare Share, Priority Priority)
{
    /// <summary>Where it stands among others that wait.</summary>
    public Standing Standing { get; } = Share.At(Priority);

    /// <summary>The caller of a request, at the priority that it states or another one.</summary>
    public static Asker Of(HttpContext http, Priority otherwise) =>
        new(CallerShare.Of(http), Priority.Of(http, otherwise));

    /// <summary>Nobody in particular, at a priority.</summary>
    public static implicit operator Asker(Priority priority) => new(CallerShare.Nobody, priority);
}
