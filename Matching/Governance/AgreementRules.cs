using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Governance;

/// <summary>What an agreement and a gallery's policy must be to be kept at all.</summary>
public static class AgreementRules
{
    private const int LongestText = 2000;
    private const int MostGalleries = 256;
    private const int MostDays = 36_525;
    private const int HighestPriority = 9;
    private const int MostWeight = 100;
    private const double HighestThreshold = 200;

    /// <summary>The first thing that is wrong: what was found and what was wanted; null where all is well.</summary>
    public static string? Check(Agreement agreement)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        return Name("id", agreement.Id) ?? PartnerName("partner", agreement.Partner)
            ?? Listed("purposes", agreement.Purposes, Purposes.All)
            ?? (agreement.Modalities is not { Count: > 0 } modalities ? "modalities: found none, wanted at least one"
                : modalities.Distinct().Count() < modalities.Count ? "modalities: found one twice, wanted each once"
                : null)
            ?? Galleries("search", agreement.Search) ?? Galleries("enrol", agreement.Enrol)
            ?? Galleries("administer", agreement.Administer)
            ?? Stated("enrol", agreement.Enrol) ?? Stated("administer", agreement.Administer)
            ?? Within("minThreshold", agreement.MinThreshold, 0, HighestThreshold)
            ?? Within("maxCandidates", agreement.MaxCandidates, 1, Limits.CandidatesPerSearch)
            ?? Within("retentionDays", agreement.RetentionDays, 1, MostDays)
            ?? Within("keepsOpaque.itemBytes", agreement.KeepsOpaque?.ItemBytes, 1, Limits.PictureBytes)
            ?? Within(
                "keepsOpaque.encounterBytes", agreement.KeepsOpaque?.EncounterBytes,
                agreement.KeepsOpaque?.ItemBytes ?? 1, Limits.PictureBytes)
            ?? Within("quotaPerDay", agreement.QuotaPerDay, 0, long.MaxValue)
            ?? Within("ratePerSecond", agreement.RatePerSecond, 0.001, 1_000_000)
            ?? Within("weight", agreement.Weight, 1, MostWeight)
            ?? Within("priorityCap", agreement.PriorityCap, 0, HighestPriority)
            ?? (agreement.ValidFrom >= agreement.ValidTo
                ? $"validTo: found {agreement.ValidTo:O}, wanted a time after validFrom, {agreement.ValidFrom:O}"
                : null)
            ?? (Enum.IsDefined(agreement.Phase) ? null : "phase: wanted pilot, live or suspended")
            ?? (Enum.IsDefined(agreement.Release) ? null : "release: wanted hit, candidates, scores or full")
            ?? Text("legalBasis", agreement.LegalBasis)
            ?? (agreement is { NoRetain: true, Enrol.Count: > 0 } or { NoRetain: true, Administer.Count: > 0 }
                ? "noRetain: found true beside galleries to enrol in, wanted one of them: what is enrolled is kept"
                : null)
            ?? (agreement is { Phase: AgreementPhase.Pilot } && !agreement.Purposes.Contains(Uses.Purposes.Test)
                ? $"phase: found pilot without the purpose {Uses.Purposes.Test}, the only one of that phase" : null);
    }

    /// <inheritdoc cref="Check(Agreement)"/>
    public static string? Check(GalleryPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return IdRule.Check("id", policy.Id) ?? Stated("id", [policy.Id]) ?? PartnerName("owner", policy.Owner)
            ?? Within("retentionDays", policy.RetentionDays, 1, MostDays);
    }

    /// <inheritdoc cref="Check(Agreement)"/>
    public static string? Check(Suspension suspension)
    {
        ArgumentNullException.ThrowIfNull(suspension);
        return IdRule.Check("id", suspension.Id) ?? Text("reason", suspension.Reason);
    }

    private static string? Text(string field, string? text) =>
        text is { Length: > 0 and <= LongestText } ? null
            : $"{field}: found {text?.Length ?? 0} characters, wanted 1..{LongestText}";

    /// <summary>What is wrong with the name of an agreement, which headers carry; null where it is one.</summary>
    /// <param name="field">Where it stands.</param>
    /// <param name="name">The name.</param>
    public static string? Name(string field, string? name) =>
        IdRule.Check(field, name) ?? PartnerName(field, name) ?? (name!.IndexOfAny([',', '/']) < 0 ? null
            : $"{field}: found a comma or a slash, wanted a name without them");

    private static string? PartnerName(string field, string? name) =>
        Use.IsName(name) ? null
            : $"{field}: wanted 1..{Limits.PartnerNameLength} printable ASCII characters without blanks";

    private static string? Listed(string field, IReadOnlyList<string>? words, IReadOnlyList<string> list) =>
        words is not { Count: > 0 } ? $"{field}: found none, wanted at least one of {string.Join(", ", list)}"
        : words.Where(word => !list.Contains(word, StringComparer.Ordinal)).ToArray() is [var other, ..]
            ? $"{field}: found '{other}', wanted one of {string.Join(", ", list)}"
        : words.Distinct(StringComparer.Ordinal).Count() < words.Count ? $"{field}: found one twice, wanted each once"
        : null;

    private static string? Galleries(string field, IReadOnlyList<string>? names) =>
        names is null ? $"{field}: found null, wanted a list"
        : names.Count > MostGalleries ? $"{field}: found {names.Count} galleries, wanted at most {MostGalleries}"
        : names.Select(name => IdRule.Check(field, name)).FirstOrDefault(wrong => wrong is not null)
            ?? (names.Distinct(StringComparer.Ordinal).Count() < names.Count
                ? $"{field}: found a gallery twice, wanted each once" : null);

    /// <summary>The word for all galleries is for searches: nothing is enrolled there.</summary>
    private static string? Stated(string field, IReadOnlyList<string> names) =>
        names.Contains(AgreementBook.AllGalleries, StringComparer.Ordinal)
            ? $"{field}: found {AgreementBook.AllGalleries}, wanted the names of galleries" : null;

    private static string? Within<T>(string field, T? found, T least, T most)
        where T : struct, IComparable<T> =>
        found is not { } value || (value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0) ? null
            : FormattableString.Invariant($"{field}: found {value}, wanted {least}..{most}");
}
