using System.Globalization;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>What a search asks beside its probe: how many, how good, among whom.</summary>
internal static class SearchReader
{
    private const double DefaultTargetFpir = 0.01;

    /// <summary>The engine's request for a probe.</summary>
    public static Parsed<IdentifyRequest> Read(
        Probe probe, string gallery, OsiaFilter? filter, int? maxCandidates, double? threshold,
        bool exhaustive, bool fast, bool swappedHands, bool swappedEyes, string? rotation)
    {
        if (exhaustive && fast)
        {
            return new Failure(FailureCode.InvalidParameter, "fast: found beside exhaustive, wanted one of them");
        }

        if (RotationWord.Check(rotation) is { } badRotation)
        {
            return badRotation;
        }

        int wanted = maxCandidates ?? ApiLimits.DefaultCandidates;
        if (wanted is < 1 or > Limits.CandidatesPerSearch)
        {
            return Failure.Invalid("maxNbCand", $"{wanted}", $"1..{Limits.CandidatesPerSearch}");
        }

        if (CheckThreshold(threshold) is { } badThreshold)
        {
            return badThreshold;
        }

        double? target = filter?.TargetFpir;
        if (target is not null && (threshold is not null || !(target > 0 && target < 1)))
        {
            return new Failure(FailureCode.InvalidFilter, threshold is not null
                ? "filter.targetFPIR: found beside threshold, wanted one of them"
                : string.Create(
                    CultureInfo.InvariantCulture, $"filter.targetFPIR: found {target}, wanted a number inside (0, 1)"));
        }

        Parsed<SearchFilter> bins = ReadFilter(filter);
        return bins.IsFailed ? bins.Failure : new IdentifyRequest
        {
            Probe = probe,
            Gallery = gallery,
            MaxCandidates = wanted,
            Threshold = threshold,
            TargetFpir = target ?? DefaultTargetFpir,
            Filter = bins.Value,
            Exhaustive = exhaustive,
            FastIrises = fast,
            SwappedHands = swappedHands,
            SwappedEyes = swappedEyes,
            Rotation = RotationWord.Of(rotation),
        };
    }

    public static Failure? CheckThreshold(double? threshold) =>
        threshold is null or (>= 0 and <= ApiLimits.HighestThreshold) ? null
            : Failure.Invalid(
                "threshold", threshold?.ToString(CultureInfo.InvariantCulture),
                $"0..{ApiLimits.HighestThreshold} on the scale -10 log10 FMR");

    private static Parsed<SearchFilter> ReadFilter(OsiaFilter? filter)
    {
        if (filter is null)
        {
            return SearchFilter.None;
        }

        if (filter.Unknown is { Count: > 0 } unknown)
        {
            string name = unknown.Keys.First();
            return new Failure(FailureCode.InvalidFilter,
                $"filter: unknown key '{Failure.Shown(name)}', wanted biometricType, "
                + "dateOfBirthMin, dateOfBirthMax, gender, targetFPIR");
        }

        Parsed<int?> min = Year("filter.dateOfBirthMin", filter.DateOfBirthMin);
        Parsed<int?> max = Year("filter.dateOfBirthMax", filter.DateOfBirthMax);
        if (min.IsFailed || max.IsFailed)
        {
            return (min.Failure ?? max.Failure!) with { Code = FailureCode.InvalidFilter };
        }

        if (min.Value > max.Value)
        {
            return new Failure(FailureCode.InvalidFilter, "filter: dateOfBirthMin lies after dateOfBirthMax");
        }

        if (filter.Gender is not (null or "M" or "F"))
        {
            return new Failure(FailureCode.InvalidFilter, "filter.gender: wanted M or F");
        }

        Parsed<List<Modality>> modalities = Modalities(filter.BiometricType);
        return modalities.IsFailed ? modalities.Failure : new SearchFilter
        {
            YearOfBirthMin = min.Value,
            YearOfBirthMax = max.Value,
            Sex = filter.Gender switch { "M" => Sex.Male, "F" => Sex.Female, _ => Sex.Unknown },
            Modalities = filter.BiometricType is null ? null : modalities.Value,
        };
    }

    private static Parsed<int?> Year(string name, string? date) =>
        date is null ? (int?)null : DatesOfBirth.Year(name, date);

    private static Parsed<List<Modality>> Modalities(IReadOnlyList<BiometricType>? types)
    {
        if (types is { Count: 0 })
        {
            return new Failure(FailureCode.InvalidFilter, "filter.biometricType: found none, wanted FINGER or IRIS");
        }

        List<Modality> modalities = [];
        foreach (BiometricType type in types ?? [])
        {
            Parsed<Modality?> modality = Positions.ModalityOf(type, "filter");
            if (modality.IsFailed)
            {
                return modality.Failure with { Code = FailureCode.InvalidFilter };
            }

            modalities.Add(modality.Value!.Value);
        }

        return modalities;
    }
}
