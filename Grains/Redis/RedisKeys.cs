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

    /// <summary>Hash of a gallery: who has its turn, until when, with which epoch, and who is next.</summary>
    public RedisKey Turn(string gallery) => $"mc:{{{name}}}:turns:{gallery}";

    /// <summary>Hash: wrapped keys of the galleries, by gallery and number.</summary>
    public RedisKey GalleryKeys { get; }

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

    public RedisKey[] Partition(int partition) => [State(partition), Index(partition), Records(partition)];

    public override string ToString() => $"Redis gallery '{name}'";

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';

    private RedisKey Of(int partition, string part) => $"mc:{{{name}:{partition}}}:{part}";
}
