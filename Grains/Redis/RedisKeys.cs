using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// The keys of one gallery. The braces are Redis Cluster's hash tag: the keys of one partition lie in one
/// slot, so that one script may touch them all, and the partitions spread over the nodes.
/// </summary>
internal sealed class RedisKeys
{
    private readonly string name;

    /// <param name="name">1..64 letters, digits, '-', '_' and '.'.</param>
    /// <exception cref="ArgumentException">The name is something else.</exception>
    public RedisKeys(string name)
    {
        if (name.Length is < 1 or > RedisLimits.NameLength || !name.All(IsAllowed))
        {
            throw new ArgumentException(
                $"a gallery store's name is 1 to {RedisLimits.NameLength} letters, digits, '-', '_' and '.'");
        }

        this.name = name;
        Marker = $"mc:{{{name}}}:gallery";
        Blobs = $"mc:{{{name}}}:blobs";
        Stamps = $"mc:{{{name}}}:documents";
        GalleryKeys = $"mc:{{{name}}}:keys";
        Packs = $"mc:{{{name}}}:packs";
        Taken = $"mc:{{{name}}}:log-taken";
        Logged = $"mc:{{{name}}}:log-galleries";
    }

    /// <summary>Hash: what the gallery is, its format version and partition count.</summary>
    public RedisKey Marker { get; }

    /// <summary>Hash: small configuration by name.</summary>
    public RedisKey Blobs { get; }

    /// <summary>Hash: the writes of each kind of documents.</summary>
    public RedisKey Stamps { get; }

    /// <summary>Hash of a kind of documents: key to the last version and its content.</summary>
    public RedisKey Documents(string kind) => $"mc:{{{name}}}:documents:{kind}";

    /// <summary>Hash of a kind of documents: key and version to the content.</summary>
    public RedisKey Versions(string kind) => $"mc:{{{name}}}:versions:{kind}";

    /// <summary>Hash of a day of UTC: an agreement to its uses.</summary>
    public RedisKey Uses(int day) => $"mc:{{{name}}}:uses:{day}";

    /// <summary>The probe of a case, until its time ends.</summary>
    public RedisKey Probe(string caseId) => $"mc:{{{name}}}:probes:{caseId}";

    /// <summary>Hash: packs that were made, by name.</summary>
    public RedisKey Packs { get; }

    /// <summary>Set of a pack: ids of the hits that were reported.</summary>
    public RedisKey PackHitIds(string packId) => $"mc:{{{name}}}:pack-hit-ids:{packId}";

    /// <summary>List of a pack: the hits that were reported, each its id, a blank and its JSON.</summary>
    public RedisKey PackHits(string packId) => $"mc:{{{name}}}:pack-hits:{packId}";

    /// <summary>Hash of a gallery: who has its turn, until when, with which epoch, and who is next.</summary>
    public RedisKey Turn(string gallery) => $"mc:{{{name}}}:turns:{gallery}";

    /// <summary>Hash: wrapped keys of the galleries, by gallery and number.</summary>
    public RedisKey GalleryKeys { get; }

    /// <summary>What there is of alerts, all in one slot.</summary>
    public RedisKey Alerts(string what) => $"mc:{{{name}}}:alerts:{what}";

    /// <summary>What there is of notes about erasures, all in one slot.</summary>
    public RedisKey Erasures(string what) => $"mc:{{{name}}}:erasures:{what}";

    /// <summary>The beginning of the names of every key of tasks.</summary>
    public RedisKey Tasks => $"mc:{{{name}}}:tasks:";

    /// <summary>Hash: one task.</summary>
    public RedisKey Task(string id) => $"mc:{{{name}}}:tasks:task:{id}";

    /// <summary>Hash: the parts of a task's result by their number.</summary>
    public RedisKey TaskParts(string id) => $"mc:{{{name}}}:tasks:parts:{id}";

    /// <summary>Hash: how many tasks there are, by state and kind.</summary>
    public RedisKey TaskCounts => $"mc:{{{name}}}:tasks:counts";

    /// <summary>Sorted set: the tasks of a state, all with score 0.</summary>
    public RedisKey TasksIn(int state) => $"mc:{{{name}}}:tasks:state:{state}";

    /// <summary>Sorted set: a partner's tasks of a state, all with score 0.</summary>
    public RedisKey TasksOf(string partner, int state) => $"mc:{{{name}}}:tasks:of:{partner}:{state}";

    /// <summary>
    /// Hash of a partition: its epoch and the last group written in each of the latest epochs.
    /// </summary>
    public RedisKey State(int partition) => Of(partition, "state");

    /// <summary>
    /// Sorted set of a partition: every <see cref="RedisMember"/>, all with score 0, which makes it an index
    /// in byte order.
    /// </summary>
    public RedisKey Index(int partition) => Of(partition, "index");

    /// <summary>Hash of a partition: <see cref="RedisMember"/> to the bytes of its record.</summary>
    public RedisKey Records(int partition) => Of(partition, "records");

    /// <summary>List of a partition: changes on their way into the change logs of the galleries.</summary>
    public RedisKey Outbox(int partition) => Of(partition, "outbox");

    /// <summary>Hash: how far the outbox of each partition was taken, and a count of takes.</summary>
    public RedisKey Taken { get; }

    /// <summary>Set: galleries that have a change log.</summary>
    public RedisKey Logged { get; }

    /// <summary>Hash of a gallery: how far its change log is, and what each partition holds by it.</summary>
    public RedisKey LogHead(string gallery) => $"mc:{{{name}}}:log-head:{gallery}";

    /// <summary>List of a gallery: the changes that its log keeps.</summary>
    public RedisKey Log(string gallery) => $"mc:{{{name}}}:log:{gallery}";

    /// <summary>
    /// Hash of a partition: <see cref="RedisMember"/> to the sealed pictures of its encounter, where it has some.
    /// </summary>
    public RedisKey Pictures(int partition) => Of(partition, "pictures");

    public RedisKey[] Partition(int partition) =>
        [State(partition), Index(partition), Records(partition), Outbox(partition), Pictures(partition)];

    public override string ToString() => $"Redis gallery '{name}'";

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';

    private RedisKey Of(int partition, string part) => $"mc:{{{name}:{partition}}}:{part}";
}
