using System.Text;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// One partition of a <see cref="MemoryGalleryStore"/>: person, then encounter, then the record's bytes.
/// </summary>
internal sealed class MemoryPartition
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Person> persons = new(Utf8Order.Instance);
    private PartitionDigest digest;
    private long epoch;

    public long OpenEpoch()
    {
        lock (gate)
        {
            return ++epoch;
        }
    }

    public AppendResult Append(long claimed, EncodedWrite[] writes)
    {
        lock (gate)
        {
            if (claimed != epoch)
            {
                return new AppendResult(AppendOutcome.Fenced, epoch);
            }

            foreach (EncodedWrite write in writes)
            {
                Apply(write);
            }

            return new AppendResult(AppendOutcome.Applied);
        }
    }

    /// <summary>Kept apart from the records, as a store on disk does.</summary>
    public PartitionDigest Digest()
    {
        lock (gate)
        {
            return digest;
        }
    }

    public long Count()
    {
        lock (gate)
        {
            return persons.Values.Sum(encounters => (long)encounters.Count);
        }
    }

    /// <summary>The records as they are now; their bytes are never changed in place.</summary>
    public List<MemoryRecord> Picture()
    {
        lock (gate)
        {
            return [.. persons.SelectMany(person => Records(person.Key, person.Value))];
        }
    }

    public List<MemoryRecord> Picture(string personId)
    {
        lock (gate)
        {
            return persons.TryGetValue(personId, out Person? person) ? [.. Records(personId, person)] : [];
        }
    }

    private static IEnumerable<MemoryRecord> Records(string personId, Person person) =>
        person.Select(encounter => new MemoryRecord(personId, encounter.Key, encounter.Value));

    private void Apply(EncodedWrite write)
    {
        string person = Encoding.UTF8.GetString(write.PersonId);
        string encounter = Encoding.UTF8.GetString(write.EncounterId);
        if (write.Record is { } record)
        {
            if (!persons.TryGetValue(person, out Person? held))
            {
                persons.Add(person, held = new Person());
            }

            if (held.TryGetValue(encounter, out byte[]? old))
            {
                digest = digest.Without(RecordMark.Of(write.PersonId, write.EncounterId, old));
            }

            held[encounter] = record;
            digest = digest.With(RecordMark.Of(write.PersonId, write.EncounterId, record));
        }
        else if (persons.TryGetValue(person, out Person? held) && held.TryGetValue(encounter, out byte[]? old))
        {
            held.Remove(encounter);
            digest = digest.Without(RecordMark.Of(write.PersonId, write.EncounterId, old));
            if (held.Count == 0)
            {
                persons.Remove(person);
            }
        }
    }

    /// <summary>Records by encounter id.</summary>
    private sealed class Person() : SortedDictionary<string, byte[]>(Utf8Order.Instance);
}

/// <summary>A stored record with its key.</summary>
internal readonly record struct MemoryRecord(string PersonId, string EncounterId, byte[] Record)
{
    private UInt128 Mark =>
        RecordMark.Of(Encoding.UTF8.GetBytes(PersonId), Encoding.UTF8.GetBytes(EncounterId), Record);

    public StoredEncounter Read() => StoredRecord.Read(PersonId, EncounterId, Record) with { Mark = Mark };
}
