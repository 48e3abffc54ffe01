using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// The stored records of a partition that could not be read when it was loaded, by their keys: nobody can search them,
/// nothing may be written over them, and they can be deleted.
/// </summary>
internal sealed class UnreadableRecords
{
    private readonly Lock door = new();
    private readonly Dictionary<string, HashSet<string>> byPerson = new(StringComparer.Ordinal);
    private long count;

    /// <summary>How many there are.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>
    /// Whether the stored count does not fit them, because the head of one is damaged: a deletion would take the wrong
    /// mark out of the count, and the next load would refuse the whole partition.
    /// </summary>
    public bool IsCountDamaged { get; set; }

    /// <summary>Whether a record of this key is one.</summary>
    public bool Has(string person, string encounterId)
    {
        lock (door)
        {
            return byPerson.TryGetValue(person, out HashSet<string>? ids) && ids.Contains(encounterId);
        }
    }

    /// <summary>The encounter ids of one person's unreadable records.</summary>
    public string[] Of(string person)
    {
        lock (door)
        {
            return byPerson.TryGetValue(person, out HashSet<string>? ids) ? [.. ids] : [];
        }
    }

    public void Add(string person, string encounterId)
    {
        lock (door)
        {
            if (!byPerson.TryGetValue(person, out HashSet<string>? ids))
            {
                ids = new HashSet<string>(StringComparer.Ordinal);
                byPerson.Add(person, ids);
            }

            _ = ids.Add(encounterId) ? Interlocked.Increment(ref count) : count;
        }
    }

    /// <summary>Forgets those that were deleted.</summary>
    public void Apply(IReadOnlyList<TableChange> changes)
    {
        if (Count == 0)
        {
            return;
        }

        lock (door)
        {
            foreach (TableChange change in changes)
            {
                if (byPerson.TryGetValue(change.PersonId, out HashSet<string>? ids) && ids.Remove(change.EncounterId))
                {
                    Interlocked.Decrement(ref count);
                    _ = ids.Count == 0 && byPerson.Remove(change.PersonId);
                }
            }
        }
    }

    /// <summary>Replaces the records by these.</summary>
    public void Replace(IEnumerable<(string Person, string EncounterId)> records)
    {
        lock (door)
        {
            byPerson.Clear();
            Interlocked.Exchange(ref count, 0);
            foreach ((string person, string id) in records)
            {
                Add(person, id);
            }
        }
    }

    /// <summary>Why nothing is written over such a record.</summary>
    public static Refusal Unreadable { get; } = new(
        RefusalKind.Invalid,
        "the stored record of this encounter cannot be read: restore a backup, or delete the encounter and send it "
        + "again");

    /// <summary>Why such a record cannot even be deleted.</summary>
    public static Refusal Undeletable { get; } = new(
        RefusalKind.Invalid,
        "the stored record cannot be read and its head is damaged, so that the count of records cannot be brought "
        + "forward: restore a backup");
}
