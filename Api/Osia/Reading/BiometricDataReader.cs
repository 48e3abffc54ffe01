using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>What biometric items hold: samples, and what could not be captured.</summary>
internal sealed record BiometricItems(List<Sample> Samples, List<MissingItem> Missing)
{
    /// <summary>The pictures of samples, and items that nothing here compares, where they are to be kept.</summary>
    public List<Picture> Pictures { get; } = [];
}

/// <summary>
/// Reads OSIA's biometric items into the engine's samples. Every template is decoded here
/// (<see cref="SampleCheck"/>), so that what is wrong with it is said with the item's place in the body; the
/// engine decodes it again when it prepares it.
/// </summary>
internal static class BiometricDataReader
{
    /// <summary>The samples of the items, and what is missing.</summary>
    public static Parsed<BiometricItems> ReadItems(
        IReadOnlyList<OsiaBiometricData?> items, string path, NotStored notStored)
    {
        if (items.Count > Limits.SamplesPerEncounter)
        {
            return new Failure(FailureCode.InvalidBiometricData,
                $"{path}: found {items.Count} items, wanted at most {Limits.SamplesPerEncounter}");
        }

        BiometricItems read = new(new List<Sample>(items.Count), []);
        long opaque = 0;
        Failure? unusable = null;
        for (int i = 0; i < items.Count; i++)
        {
            if (notStored is { Opaque: { } limits, AreProbes: false } && OpaqueItems.IsOne(items[i]))
            {
                Parsed<Picture> kept = OpaqueItems.Read(items[i]!, $"{path}[{i}]", limits, opaque);
                if (kept.IsFailed)
                {
                    return kept.Failure;
                }

                opaque += kept.Value.Length;
                read.Pictures.Add(kept.Value);
                notStored.AddOpaque($"{path}[{i}]", items[i]!.BiometricType, kept.Value.Length);
                continue;
            }

            if (BiometricItem.Read(items[i], $"{path}[{i}]", read, notStored) is not { } failure)
            {
                continue;
            }

            if (items[i] is { } item && !Positions.IsCompared(item.BiometricType))
            {
                notStored.OnNotCompared?.Invoke(item.BiometricType, notStored.AreProbes);
            }

            if (failure.Code != FailureCode.UnsupportedBiometricData || BiometricItem.IsProtected(items[i])
                || notStored.RefusesUnsupported)
            {
                return failure;
            }

            unusable ??= failure;
            notStored.LeaveOut($"{path}[{i}]: {BiometricItem.NameOf(items[i]!)}");
        }

        return unusable is not null && read.Samples.Count + read.Missing.Count + read.Pictures.Count == 0
            ? unusable : read;
    }

    /// <summary>The samples of the items; items that only state a missing finger give none.</summary>
    public static Parsed<List<Sample>> Read(
        IReadOnlyList<OsiaBiometricData?> items, string path, NotStored notStored)
    {
        Parsed<BiometricItems> read = ReadItems(items, path, notStored);
        return read.IsFailed ? read.Failure : read.Value.Samples;
    }

    /// <summary>The samples to search with; the list has at least one.</summary>
    public static Parsed<List<Sample>> ReadProbe(
        IReadOnlyList<OsiaBiometricData?> items, string path, NotStored notStored)
    {
        Parsed<List<Sample>> samples = Read(items, path, notStored);
        return !samples.IsFailed && samples.Value.Count == 0
            ? new Failure(FailureCode.InvalidBiometricData, $"{path}: found no template, wanted at least one")
            : samples;
    }
}
