namespace MatchCluster.Matching.Tests.Templates;

/// <summary>
/// Damages valid templates the way wires, disks and attackers do. The same seed gives the same damage, so
/// that one failing mutation can be repeated alone.
/// </summary>
public sealed class TemplateFuzzer(int seed)
{
    private static readonly byte[] Interesting = [0, 1, 2, 10, 11, 16, 100, 101, 127, 128, 180, 254, 255];

    private readonly Random dice = new(seed);

    /// <summary>A damaged copy: one to four of the ways below, one after another.</summary>
    public byte[] Mutate(ReadOnlySpan<byte> template)
    {
        byte[] bytes = template.ToArray();
        for (int damages = 1 + dice.Next(4); damages > 0; damages--)
        {
            bytes = Damage(bytes);
        }

        return bytes;
    }

    /// <summary>
    /// Whether a mutation should have its lengths and checksums put right, to reach the fields after them.
    /// </summary>
    public bool ShouldRepair() => dice.Next(4) != 0;

    private byte[] Damage(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return [(byte)dice.Next(256)];
        }

        int at = Place(bytes.Length);
        int length = 1 + dice.Next(Math.Min(16, bytes.Length - at));
        switch (dice.Next(7))
        {
            case 0:
                bytes[at] ^= (byte)(1 << dice.Next(8));
                return bytes;
            case 1:
                bytes[at] = Interesting[dice.Next(Interesting.Length)];
                return bytes;
            case 2:
                dice.NextBytes(bytes.AsSpan(at, length));
                return bytes;
            case 3:
                bytes.AsSpan(at, length).Fill((byte)(dice.Next(2) * 255));
                return bytes;
            case 4:
                return bytes[..at];
            case 5:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            default:
                return [.. bytes[..(at + length)], .. bytes[at..]];
        }
    }

    /// <summary>Headers and counts stand in front: half of the damage goes there.</summary>
    private int Place(int length) => dice.Next(dice.Next(2) == 0 ? Math.Min(length, 64) : length);
}
