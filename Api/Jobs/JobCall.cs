using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Api.Http.Access;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>What is asked of a job, as it is kept; never the credentials.</summary>
internal sealed record JobCall(
    string GalleryId, double? Threshold, bool Exhaustive, string Partner, string Subject, bool IsPerson,
    string? Purpose, string? Agreement, ReleaseProfile? AtMost)
{
    private const byte Version = 1;
    private const int HeadAt = 1 + sizeof(int);

    /// <summary>The form of the body; null where there is none.</summary>
    public string? Format { get; init; }

    /// <summary>Candidates of a line that does not say.</summary>
    public int? MaxCandidates { get; init; }

    /// <summary>Headers that its searches have.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>What kind of caller asked.</summary>
    public CallerKind Kind { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The lines, as they came.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; init; }

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
    /// JSON; where there is a body, version (1), length of the JSON (4, little endian), the JSON, the body.
    /// </summary>
    public byte[] Encode()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(this, JobJson.Default.JobCall);
        if (Body.IsEmpty)
        {
            return json;
        }

        byte[] bytes = new byte[HeadAt + json.Length + Body.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), json.Length);
        json.CopyTo(bytes, HeadAt);
        Body.Span.CopyTo(bytes.AsSpan(HeadAt + json.Length));
        return bytes;
    }

    /// <summary>SHA-256 of what is asked, whoever of the partner asks it.</summary>
    public byte[] Digest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData((this with { Subject = "", Scopes = null, Body = default }).Encode());
        hash.AppendData(Body.Span);
        return hash.GetHashAndReset();
    }

    /// <summary>What was asked; null where nobody can read it.</summary>
    public static JobCall? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Decode(bytes) is { GalleryId: not null, Partner: not null, Subject: not null } call ? call : null;
        }
        catch (Exception fault) when (fault is InvalidDataException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no call.</exception>
    /// <exception cref="JsonException">Their head is no JSON of a call.</exception>
    public static JobCall Decode(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.IsEmpty && bytes.Span[0] == (byte)'{')
        {
            return JsonSerializer.Deserialize(bytes.Span, JobJson.Default.JobCall)
                ?? throw new InvalidDataException("found null, wanted a call");
        }

        if (bytes.Length < HeadAt || bytes.Span[0] != Version)
        {
            throw new InvalidDataException($"found {bytes.Length} bytes, wanted a call of version {Version}");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[1..]);
        return length < 0 || length > bytes.Length - HeadAt
            || JsonSerializer.Deserialize(bytes.Span.Slice(HeadAt, length), JobJson.Default.JobCall) is not { } call
            ? throw new InvalidDataException($"found a head of {length} bytes in {bytes.Length}")
            : call with { Body = bytes[(HeadAt + length)..] };
    }
}
