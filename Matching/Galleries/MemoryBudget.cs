namespace MatchCluster.Matching.Galleries;

/// <summary>Bytes that the tables of one process may take together.</summary>
/// <remarks>
/// Counted are the rows in segments with their columns and the irises' blocks, dead ones until they are compacted away,
/// and a flat <see cref="Limits.EncounterObjectBytes"/> for an encounter's objects: equal encounters cost the
/// same in whatever order they came, so that what was admitted once fits again at the next load. Not counted
/// are the free end of each partition's last segment, lanes of blocks without an eye, and what the collector
/// frees only after the last search that reads it; the limit leaves room for these
/// (<see cref="Limits.MemoryShare"/>).
/// </remarks>
internal sealed class MemoryBudget(long limitBytes)
{
    private long used;

    public static MemoryBudget Unlimited => new(long.MaxValue);

    public long Limit { get; } = limitBytes;

    public long Used => Interlocked.Read(ref used);

    public long Left => Math.Max(0, Limit - Used);

    /// <summary>Takes bytes only where they are left.</summary>
    public bool TryTake(long bytes)
    {
        long seen = Used;
        while (bytes <= Limit - seen)
        {
            long before = Interlocked.CompareExchange(ref used, seen + bytes, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>Takes or gives bytes that are in use or free already.</summary>
    public void Change(long bytes) => Interlocked.Add(ref used, bytes);
}

/// <summary>
/// One table's part of a budget: what it holds, and what it has reserved for changes that must not fail once they are
/// durable. Used under the table's lock.
/// </summary>
internal sealed class MemoryAccount(MemoryBudget budget)
{
    private long charged;

    public long Reserved { get; private set; }

    /// <summary>Makes the reservation at least so large, or says what stands against it.</summary>
    public MemoryShortage? Reserve(long bytes)
    {
        long more = bytes - Reserved;
        if (more <= 0)
        {
            return null;
        }

        if (!budget.TryTake(more))
        {
            return new MemoryShortage(more, budget.Used, budget.Limit);
        }

        Reserved += more;
        return null;
    }

    /// <summary>What is left for a table that holds so much now; below zero where it passes the limit.</summary>
    public long RoomBeyond(long heldNow) => budget.Limit - budget.Used - (heldNow - charged - Reserved);

    /// <summary>Charges what the table holds now; the reservation ends.</summary>
    public void Settle(long heldNow)
    {
        budget.Change(heldNow - charged - Reserved);
        charged = heldNow;
        Reserved = 0;
    }

    public void EndReservation() => Settle(charged);
}

/// <summary>Bytes that were wanted where only some are left.</summary>
/// <param name="Needed">More than the table has.</param>
/// <param name="Used">Taken by every table of the process.</param>
/// <param name="Limit">What they may take together.</param>
internal readonly record struct MemoryShortage(long Needed, long Used, long Limit)
{
    public override string ToString() => $"{Needed:N0} bytes more beside {Used:N0} of {Limit:N0} bytes in use";
}

/// <summary>What some encounters bring.</summary>
/// <param name="Encounters">How many they are.</param>
/// <param name="Rows">Rows of every modality.</param>
/// <param name="Fingers">Rows of fingers, which lie in blocks of the first stage as well.</param>
/// <param name="Bytes">Bytes of the rows.</param>
/// <param name="LaneBytes">Bytes of the irises' second form (<see cref="SegmentEyes"/>).</param>
internal readonly record struct RowSize(int Encounters, int Rows, int Fingers, long Bytes, long LaneBytes)
{
    public static RowSize Of(EncounterRows rows) =>
        new(1, rows.Count, rows.Fingers, rows.Bytes, rows.LaneBytes);

    public static RowSize operator +(RowSize a, RowSize b) => new(
        a.Encounters + b.Encounters, a.Rows + b.Rows, a.Fingers + b.Fingers, a.Bytes + b.Bytes,
        a.LaneBytes + b.LaneBytes);

    public static RowSize operator -(RowSize a, RowSize b) => new(
        a.Encounters - b.Encounters, a.Rows - b.Rows, a.Fingers - b.Fingers, a.Bytes - b.Bytes,
        a.LaneBytes - b.LaneBytes);
}
