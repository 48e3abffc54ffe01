using System.Numerics;

namespace MatchCluster.Benchmarks.Runner;

/// <summary>
/// A hash of what a benchmark computed, equal on every machine and at every vector width, so that two runs
/// can be seen to have done the same work. FNV-1a's step on whole words, with a rotation so that high bits
/// come back down; it tells results apart, it does not resist an attacker.
/// </summary>
internal struct ResultHash
{
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private ulong state;

    public readonly string Hex => (state ^ Basis).ToString("x16");

    public void Add(long value)
    {
        // The basis is folded in here and in Hex, so that default(ResultHash) is a fresh hash.
        ulong mixed = ((state ^ Basis) ^ (ulong)value) * Prime;
        state = BitOperations.RotateLeft(mixed, 29) ^ Basis;
    }

    /// <summary>Adds the value to a millionth: what a caller sees of a score, not its last bits.</summary>
    public void AddMillionths(double value) =>
        Add(double.IsFinite(value) ? (long)Math.Round(value * 1e6) : long.MinValue);

    /// <summary>Adds every bit of the value.</summary>
    public void AddExactly(double value) => Add(BitConverter.DoubleToInt64Bits(value));

    public void Add(string text)
    {
        foreach (char c in text)
        {
            Add(c);
        }

        Add(-1);
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            Add(b);
        }

        Add(-1);
    }
}
