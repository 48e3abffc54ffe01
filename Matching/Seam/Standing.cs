using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MatchCluster.Matching.Seam;

/// <summary>
/// Where a piece of work stands among others that wait: how urgent it is, whose it is, and how much of the time that
/// partner is to have beside others of equal urgency. The default is nobody's, of weight 1 and the lowest priority.
/// </summary>
public readonly record struct Standing
{
    /// <summary>Priorities 0..9; 9 goes first.</summary>
    public const int Levels = 10;

    /// <summary>No partner may have more than so many times the share of another one.</summary>
    public const int MostWeight = 1000;

    private readonly int weight;
    private readonly int priority;

    /// <param name="partner">A number that stands for the partner; 0 where nobody is known.</param>
    /// <param name="weight">What is outside 1..<see cref="MostWeight"/> counts as the nearest of these.</param>
    /// <param name="priority">What is outside 0..9 counts as the nearest of these.</param>
    public Standing(ulong partner, int weight, int priority)
    {
        Partner = partner;
        this.weight = Math.Clamp(weight, 1, MostWeight) - 1;
        this.priority = Math.Clamp(priority, 0, Levels - 1);
    }

    /// <summary>A number that stands for the partner, equal in every process; 0 where nobody is known.</summary>
    public ulong Partner { get; }

    /// <summary>Parts of the time that the partner has where others want some too, 1..1000.</summary>
    public int Weight => weight + 1;

    /// <summary>How urgent it is, 0..9.</summary>
    public int Priority => priority;

    /// <summary>The number of a partner's name: the beginning of its SHA-256, which nobody has to agree upon.</summary>
    public static ulong NumberOf(string partner)
    {
        ArgumentNullException.ThrowIfNull(partner);
        return partner.Length == 0 ? 0
            : BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(partner)));
    }
}
