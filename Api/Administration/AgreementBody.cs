using System.Globalization;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Administration;

/// <summary>
/// An agreement as administrators write and read it. Words and times are text here, so that a refusal can say what was
/// found and what was wanted.
/// </summary>
internal sealed record AgreementBody
{
    public required string Id { get; init; }

    public required string Partner { get; init; }

    public required IReadOnlyList<string> Purposes { get; init; }

    public required IReadOnlyList<string> Modalities { get; init; }

    public IReadOnlyList<string>? Search { get; init; }

    public IReadOnlyList<string>? Enrol { get; init; }

    public IReadOnlyList<string>? Administer { get; init; }

    public double? MinThreshold { get; init; }

    public int? MaxCandidates { get; init; }

    public string? Release { get; init; }

    public int? RetentionDays { get; init; }

    public bool? NoRetain { get; init; }

    /// <summary>How much is kept of items that are not compared (faces, voices); none where it is left out.</summary>
    public OpaqueLimits? KeepsOpaque { get; init; }

    public long? QuotaPerDay { get; init; }

    public double? RatePerSecond { get; init; }

    public int? Weight { get; init; }

    public int? PriorityCap { get; init; }

    public required string ValidFrom { get; init; }

    public required string ValidTo { get; init; }

    public required string Phase { get; init; }

    public required string LegalBasis { get; init; }

    /// <summary>The version that it changes, where it is stated; of one that is read its own.</summary>
    public long? Version { get; init; }

    public static AgreementBody Of(Agreement one) => new()
    {
        Id = one.Id,
        Partner = one.Partner,
        Purposes = one.Purposes,
        Modalities = [.. one.Modalities.Select(Words.Of)],
        Search = one.Search,
        Enrol = one.Enrol,
        Administer = one.Administer,
        MinThreshold = one.MinThreshold,
        MaxCandidates = one.MaxCandidates,
        Release = Words.Of(one.Release),
        RetentionDays = one.RetentionDays,
        NoRetain = one.NoRetain,
        KeepsOpaque = one.KeepsOpaque,
        QuotaPerDay = one.QuotaPerDay,
        RatePerSecond = one.RatePerSecond,
        Weight = one.Weight,
        PriorityCap = one.PriorityCap,
        ValidFrom = Words.Of(one.ValidFrom),
        ValidTo = Words.Of(one.ValidTo),
        Phase = Words.Of(one.Phase),
        LegalBasis = one.LegalBasis,
        Version = one.Version,
    };

    /// <summary>The agreement that it says, or the first thing that is wrong with it.</summary>
    public Parsed<Agreement> Read()
    {
        foreach ((string field, IReadOnlyList<string>? words) in new[]
        {
            ("purposes", Purposes), ("modalities", Modalities), ("search", Search), ("enrol", Enrol),
            ("administer", Administer),
        })
        {
            if (words?.Contains(null) == true)
            {
                return new Failure(FailureCode.InvalidDocument, $"{field}: found null in the list, wanted text");
            }
        }

        List<Modality> modalities = [];
        foreach (string word in Modalities)
        {
            if (!Words.TryRead(word, out Modality modality))
            {
                return Words.Wrong<Modality>("modalities", word);
            }

            modalities.Add(modality);
        }

        AgreementPhase phase = default;
        ReleaseProfile release = default;
        DateTimeOffset from = default;
        DateTimeOffset to = default;
        Failure? wrong =
            !Words.TryRead(Phase, out phase) ? Words.Wrong<AgreementPhase>("phase", Phase)
            : Release is not null && !Words.TryRead(Release, out release)
                ? Words.Wrong<ReleaseProfile>("release", Release)
            : !Words.TryRead(ValidFrom, out from) ? Words.WrongTime("validFrom", ValidFrom)
            : !Words.TryRead(ValidTo, out to) ? Words.WrongTime("validTo", ValidTo)
            : null;
        if (wrong is not null)
        {
            return wrong;
        }

        Agreement read = new()
        {
            Id = Id,
            Partner = Partner,
            Purposes = Purposes,
            Modalities = modalities,
            Search = Search ?? [],
            Enrol = Enrol ?? [],
            Administer = Administer ?? [],
            Release = release,
            RetentionDays = RetentionDays,
            NoRetain = NoRetain ?? false,
            KeepsOpaque = KeepsOpaque,
            QuotaPerDay = QuotaPerDay,
            RatePerSecond = RatePerSecond,
            ValidFrom = from,
            ValidTo = to,
            Phase = phase,
            LegalBasis = LegalBasis,
        };
        return read with
        {
            MinThreshold = MinThreshold ?? read.MinThreshold,
            MaxCandidates = MaxCandidates ?? read.MaxCandidates,
            Weight = Weight ?? read.Weight,
            PriorityCap = PriorityCap ?? read.PriorityCap,
        };
    }
}

/// <summary>A gallery's policy as administrators write and read it.</summary>
internal sealed record GalleryPolicyBody
{
    public required string Id { get; init; }

    public required string Owner { get; init; }

    public bool? KeepsPictures { get; init; }

    /// <summary>Whether it holds no items that are not compared, whatever agreements say.</summary>
    public bool? ForbidsOpaque { get; init; }

    /// <summary>Whether its owner is told which partner searched and met a person of it (wrap-back).</summary>
    public bool? NamesSearchers { get; init; }

    public int? RetentionDays { get; init; }

    /// <inheritdoc cref="AgreementBody.Version"/>
    public long? Version { get; init; }

    public static GalleryPolicyBody Of(GalleryPolicy one) => new()
    {
        Id = one.Id,
        Owner = one.Owner,
        KeepsPictures = one.KeepsPictures,
        ForbidsOpaque = one.ForbidsOpaque ? true : null,
        NamesSearchers = one.NamesSearchers ? true : null,
        RetentionDays = one.RetentionDays,
        Version = one.Version,
    };

    public Parsed<GalleryPolicy> Read() => new GalleryPolicy
    {
        Id = Id,
        Owner = Owner,
        KeepsPictures = KeepsPictures ?? false,
        ForbidsOpaque = ForbidsOpaque ?? false,
        NamesSearchers = NamesSearchers ?? false,
        RetentionDays = RetentionDays,
    };
}

/// <summary>Words of closed lists and times, as these documents write them.</summary>
internal static class Words
{
    private static readonly string[] Times =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static string Of<T>(T word)
        where T : struct, Enum => word.ToString().ToLowerInvariant();

    public static string Of(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whether a text is one of the words, in lower case as they are written.</summary>
    public static bool TryRead<T>(string text, out T word)
        where T : struct, Enum
    {
        foreach (T one in Enum.GetValues<T>())
        {
            if (Of(one) == text)
            {
                word = one;
                return true;
            }
        }

        word = default;
        return false;
    }

    /// <summary>A day, which begins at midnight UTC, or a moment that states its offset.</summary>
    public static bool TryRead(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
        && (text.Length == "yyyy-MM-dd".Length || text[^1] == 'Z' || text[^6] is '+' or '-');

    public static Failure Wrong<T>(string field, string found)
        where T : struct, Enum => Wrong(
            field, found, $"one of {string.Join(", ", Enum.GetValues<T>().Select(Of))}");

    public static Failure WrongTime(string field, string found) =>
        Wrong(field, found, "a day (2027-01-31) or a time with its offset (2027-01-31T12:00:00Z)");

    private static Failure Wrong(string field, string found, string wanted) => new(
        FailureCode.InvalidDocument, $"{field}: found '{Failure.Shown(found)}', wanted {wanted}");
}
