using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Subscriptions;

/// <summary>A probe that stays: whoever comes into a gallery later is compared with it.</summary>
public sealed record Subscription
{
    private const byte Version = 1;
    private const int HeadAt = 1 + sizeof(int);

    /// <summary>Whether it tells the gallery's owner of searches by others, and compares nothing.</summary>
    public bool IsWrapBack { get; init; }

    /// <summary>The task under which it is kept, a UUID.</summary>
    [JsonIgnore]
    public string Id { get; init; } = "";

    /// <summary>Who is told; empty where callers are not checked.</summary>
    public required string Partner { get; init; }

    /// <summary>Who of the partner made it.</summary>
    public required string Subject { get; init; }

    /// <summary>Whether a natural person made it.</summary>
    public bool IsPerson { get; init; }

    /// <summary>For what, as it was stated; null where nothing was.</summary>
    public string? Purpose { get; init; }

    /// <summary>The agreement that was named; null leaves the choice to the agreements.</summary>
    public string? Agreement { get; init; }

    /// <summary>The most that its owner wants to see; null takes what the agreement allows.</summary>
    public ReleaseProfile? AtMost { get; init; }

    /// <summary>The gallery that is watched.</summary>
    public required string Gallery { get; init; }

    /// <summary>The lowest score of an alert, -10 log10 FMR.</summary>
    public required double Threshold { get; init; }

    /// <summary>Where alerts are sent; null where the owner fetches them.</summary>
    public string? Callback { get; init; }

    /// <summary>The owner's own word for it, which comes with each alert; null where there is none.</summary>
    public string? Reference { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The last change of the gallery before it: alerts are about later ones.</summary>
    public long Since { get; init; }

    /// <summary>What is compared.</summary>
    [JsonIgnore]
    public IReadOnlyList<Sample> Samples { get; init; } = [];

    /// <summary>On whose behalf alerts are raised.</summary>
    [JsonIgnore]
    public Use Use => new()
    {
        Partner = Partner,
        Subject = Subject,
        IsPerson = IsPerson,
        Purpose = Purpose,
        Agreement = Agreement,
        AtMost = AtMost,
    };

    /// <summary>
    /// Version (1), length of the JSON (4, little endian), the JSON, the samples, if any, as an encounter's record.
    /// </summary>
    public byte[] Encode()
    {
        byte[] head = JsonSerializer.SerializeToUtf8Bytes(this, SubscriptionJson.Default.Subscription);
        byte[] samples = Samples.Count == 0 ? [] : EncounterCodec.Encode(ToEncounter("S"));
        byte[] bytes = new byte[HeadAt + head.Length + samples.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), head.Length);
        head.CopyTo(bytes, HeadAt);
        samples.CopyTo(bytes, HeadAt + head.Length);
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are no subscription.</exception>
    public static Subscription Decode(string id, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadAt || bytes[0] != Version)
        {
            throw new InvalidDataException(
                $"found {bytes.Length} bytes, wanted a subscription of version {Version}");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        return length < 0 || length > bytes.Length - HeadAt
            || JsonSerializer.Deserialize(bytes.Slice(HeadAt, length), SubscriptionJson.Default.Subscription)
                is not { } head
            ? throw new InvalidDataException($"found a head of {length} bytes in {bytes.Length}")
            : bytes.Length == HeadAt + length ? head with { Id = id }
            : EncounterCodec.Decode(bytes[(HeadAt + length)..]) is { IsAccepted: true } read
                ? head with { Id = id, Samples = read.Value.Samples }
            : throw new InvalidDataException("found samples that cannot be read");
    }

    /// <summary>The subscription as a person that is searched: the roles of probe and gallery are exchanged.</summary>
    /// <param name="galleries">Galleries of the engine that has subscriptions and nobody else.</param>
    public Encounter ToEncounter(params IReadOnlyList<string> galleries) => new()
    {
        PersonId = Id.Length > 0 ? Id : "S",
        EncounterId = "S",
        RecordId = Guid.CreateVersion7(Created),
        Status = EncounterStatus.Active,
        EncounterType = "subscription",
        Galleries = galleries,
        Created = Created,
        Updated = Created,
        ExpiresAt = ExpiresAt,
        Samples = Samples,
    };

    /// <summary>Without subject and samples: a record would print them into whatever log it meets.</summary>
    public override string ToString() => $"subscription {Id}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Subscription))]
internal sealed partial class SubscriptionJson : JsonSerializerContext;
