using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Tests.Governance;

/// <summary>An agreement to vary, and a store with what was signed.</summary>
internal static class SomeAgreements
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    /// <summary>border-a searches the watchlist by fingers for two purposes, and enrols in its own gallery.</summary>
    public static Agreement Border { get; } = new()
    {
        Id = "border-a-2026",
        Partner = "border-a",
        Purposes = ["border-entry", "test"],
        Modalities = [Modality.Finger],
        Search = ["watchlist"],
        Enrol = ["visa-b"],
        MinThreshold = 40,
        MaxCandidates = 3,
        Release = ReleaseProfile.Scores,
        PriorityCap = 5,
        ValidFrom = Now.AddDays(-1),
        ValidTo = Now.AddDays(1),
        Phase = AgreementPhase.Live,
        LegalBasis = "Treaty of Nowhere, article 1",
    };

    public static GalleryPolicy[] Policies { get; } =
    [
        new() { Id = "own-a", Owner = "border-a" },
        new() { Id = "watchlist", Owner = "police-c" },
        new() { Id = "visa-b", Owner = "visa-b" },
        new() { Id = "prison-d", Owner = "prison-d" },
    ];

    public static Use ByBorder { get; } = new() { Partner = "border-a", Purpose = "border-entry" };

    /// <summary>Signs an agreement by two administrators.</summary>
    public static async Task SignAsync(Agreements agreements, Agreement agreement)
    {
        SignedResult proposed = await agreements.Partners.ProposeAsync(agreement, "anna", default);
        Assert.Null(proposed.Refusal);
        Assert.Null((await agreements.Partners.ApproveAsync(
            agreement.Id, proposed.Version, "berta", default)).Refusal);
    }

    /// <summary>Signs a gallery's policy by two administrators.</summary>
    public static async Task SignAsync(Agreements agreements, GalleryPolicy policy)
    {
        SignedResult proposed = await agreements.Galleries.ProposeAsync(policy, "anna", default);
        Assert.Null(proposed.Refusal);
        Assert.Null((await agreements.Galleries.ApproveAsync(
            policy.Id, proposed.Version, "berta", default)).Refusal);
    }
}
