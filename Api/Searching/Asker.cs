using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching.Quotas;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Searching;

/// <summary>Who asks, how urgently, and what that partner may have.</summary>
internal sealed record Asker
{
    /// <param name="limits">What the partner may have.</param>
    /// <param name="priority">How urgent it is.</param>
    public Asker(PartnerLimits limits, Priority priority)
    {
        Limits = limits;
        Priority = priority;
        Standing = new Standing(Standing.NumberOf(limits.Account), limits.Weight, priority.Level);
    }

    public PartnerLimits Limits { get; }

    public Priority Priority { get; }

    /// <summary>Where it stands among others that wait.</summary>
    public Standing Standing { get; }

    /// <summary>The caller of a request, at the priority that it states or another one.</summary>
    public static Asker Of(HttpContext http, Priority otherwise) => new(
        http.RequestServices.GetRequiredService<IPartnerLimits>().For(http.Caller().Partner),
        Priority.Of(http, otherwise));

    /// <summary>Nobody in particular, at a priority.</summary>
    public static implicit operator Asker(Priority priority) => new(PartnerLimits.None, priority);
}
