namespace MatchCluster.Matching.Partitions;

/// <summary>How far a partition's changes were at one moment.</summary>
/// <param name="Epoch">Epoch of the owner whose changes are counted.</param>
/// <param name="Sequence">Changes before it are in the store, whoever reads it from then on.</param>
public sealed record JournalMark(long Epoch, long Sequence);

/// <summary>Who was changed since a mark, each once.</summary>
/// <param name="Epoch">Epoch of the owner that wrote.</param>
/// <param name="From">The mark's sequence.</param>
/// <param name="To">The sequence of the mark to ask with next.</param>
/// <param name="Persons">Ids of the persons.</param>
public sealed record JournalTail(long Epoch, long From, long To, IReadOnlyList<string> Persons);

/// <summary>
/// Remembers whose encounters the writer changed lately, so that somebody who loads the partition from the store can
/// catch up by reading those persons again.
/// <para>
/// Nothing is missed: a group is noted before its append is sent, and a mark never lies after a group whose
/// append has not been answered. Whoever takes a mark and then reads the store therefore sees what was noted
/// before the mark, and everything else is noted after it. A group whose outcome is unknown is never settled:
/// every later mark lies before it.
/// </para>
/// </summary>
internal sealed class PartitionJournal(long epoch)
{
    private readonly Lock gate = new();
    private readonly Queue<string> persons = [];
    private long first;
    private long settled;

    public JournalMark Mark
    {
        get
        {
            lock (gate)
            {
                return new JournalMark(epoch, settled);
            }
        }
    }

    /// <summary>Whether anybody was ever noted.</summary>
    public bool HasBegun
    {
        get
        {
            lock (gate)
            {
                return End > 0;
            }
        }
    }

    private long End => first + persons.Count;

    /// <summary>Notes persons whose append is about to be sent.</summary>
    public void Begin(IEnumerable<string> changed)
    {
        lock (gate)
        {
            foreach (string person in changed)
            {
                persons.Enqueue(person);
                if (persons.Count > Limits.JournalPersons)
                {
                    persons.Dequeue();
                    first++;
                }
            }
        }
    }

    /// <summary>The store has answered for everything that was noted: written, or certainly not.</summary>
    public void Settle()
    {
        lock (gate)
        {
            settled = End;
        }
    }

    /// <summary>
    /// Who was changed since a mark; null where the journal does not reach back to it, or it is another owner's.
    /// </summary>
    public JournalTail? Since(JournalMark mark)
    {
        lock (gate)
        {
            return mark.Epoch != epoch || mark.Sequence < first || mark.Sequence > End
                ? null
                : new JournalTail(
                    epoch, mark.Sequence, settled,
                    [.. persons.Skip((int)(mark.Sequence - first)).Distinct(StringComparer.Ordinal)]);
        }
    }
}
