using MatchCluster.Matching.Galleries;

namespace MatchCluster.Matching.Scan.Screening;

/// <summary>A set of slots of one segment.</summary>
internal sealed class SlotBits
{
    private readonly ulong[] words = new ulong[Segment.MostSlots / 64];

    public bool Has(int slot) => (words[slot >> 6] >> (slot & 63) & 1) != 0;

    public void Add(int slot) => words[slot >> 6] |= 1UL << (slot & 63);

    public void Remove(int slot) => words[slot >> 6] &= ~(1UL << (slot & 63));

    /// <summary>The set's bits of 64 slots.</summary>
    public ulong Word(int word) => words[word];

    public void AddAll(int word, ulong slots) => words[word] |= slots;

    public void RemoveAll(int word, ulong slots) => words[word] &= ~slots;

    public int Count() => (int)words.Sum(word => (long)ulong.PopCount(word));

    public void CopyFrom(SlotBits other) => other.words.CopyTo(words, 0);

    public void AddAll(SlotBits other)
    {
        for (int i = 0; i < words.Length; i++)
        {
            words[i] |= other.words[i];
        }
    }
}
