using System.Collections.Concurrent;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>One comparison of two pictures.</summary>
/// <param name="One">Number of the later picture.</param>
/// <param name="Other">Number of the earlier picture.</param>
/// <param name="Normalised">Normalised distance; 1 where the codes could not be compared.</param>
/// <param name="Score">-10 log10 FMR by the calibration of the encoder.</param>
internal readonly record struct EyeComparison(int One, int Other, double Normalised, double Score);

/// <summary>Every pair of pictures of a folder by one profile, on all cores.</summary>
internal static class EyeComparisons
{
    /// <param name="codes">The code of each picture; null where there is none.</param>
    public static IReadOnlyList<EyeComparison> All(IReadOnlyList<IrisCode?> codes)
    {
        IrisProbe?[] probes = [.. codes.Select(code => code is null ? null : new IrisProbe(code))];
        byte[]?[] rows = [.. codes.Select(RowOf)];
        ConcurrentBag<EyeComparison[]> parts = [];
        Parallel.For(
            0, probes.Length, i => parts.Add([.. Enumerable.Range(0, i).Select(j => One(probes, rows, i, j))]));
        return [.. parts.SelectMany(part => part).OrderBy(c => c.One).ThenBy(c => c.Other)];
    }

    /// <summary>The code as a row of a partition; null where there is none.</summary>
    public static byte[]? RowOf(IrisCode? code)
    {
        if (code is null)
        {
            return null;
        }

        byte[] row = new byte[IrisRow.BytesOf(code)];
        IrisRow.Write(code, row);
        return row;
    }

    private static EyeComparison One(IrisProbe?[] probes, byte[]?[] rows, int i, int j)
    {
        if (probes[i] is not { } probe || rows[j] is not { } row
            || !IrisScorer.TryCompare(probe, row, out IrisComparison comparison))
        {
            return new EyeComparison(i, j, 1, double.NegativeInfinity);
        }

        return new EyeComparison(
            i, j, IrisCalibration.Normalised(comparison, probe.Shape), IrisCalibration.Score(comparison, probe, row));
    }
}
