using MatchCluster.Matching;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>Reads records of a range of members, each chunk in one script: one picture.</summary>
internal sealed class RedisReader(RedisSession session)
{
    /// <summary>What opens sealed records; null where they are stored in the clear.</summary>
    public RecordSeal? Seal { get; set; }

    private static readonly byte[] Start = "-"u8.ToArray();
    private static readonly byte[] End = "+"u8.ToArray();

    public async Task<long> CountAsync(int partition, CancellationToken cancel) =>
        await session.RepeatAsync(db => db.SortedSetLengthAsync(session.Keys.Index(partition)), cancel);

    /// <summary>The first records after a member, as many as a chunk may hold.</summary>
    /// <param name="member">Null for the start.</param>
    public Task<RedisChunk> ReadAfterAsync(int partition, byte[]? member, CancellationToken cancel) =>
        ReadAsync(partition, member is null ? Start : [(byte)'(', .. member], End, cancel);

    /// <summary>The sealed pictures of an encounter; null where it has none.</summary>
    public async Task<byte[]?> ReadPicturesAsync(
        int partition, byte[] personId, byte[] encounterId, CancellationToken cancel) =>
        await session.RepeatAsync(
            db => db.HashGetAsync(
                session.Keys.Pictures(partition), RedisMember.Of(personId, encounterId), CommandFlags.DemandMaster),
            cancel);

    public async Task<List<StoredEncounter>> ReadPersonAsync(
        int partition, byte[] personId, CancellationToken cancel)
    {
        (byte[] from, byte[] to) = RedisMember.RangeOf(personId);
        List<StoredEncounter> all = [];
        while (true)
        {
            RedisChunk chunk = await ReadAsync(partition, from, to, cancel);
            all.AddRange(chunk.Encounters);
            if (chunk.IsLast)
            {
                return all;
            }

            from = [(byte)'(', .. chunk.LastMember];
        }
    }

    private async Task<RedisChunk> ReadAsync(int partition, byte[] from, byte[] to, CancellationToken cancel)
    {
        RedisKey[] keys = [session.Keys.Index(partition), session.Keys.Records(partition)];
        RedisValue[] arguments = [from, to, Limits.StoreChunkEncounters, Limits.StoreChunkBytes];
        RedisResult[] answer = (RedisResult[])(await session.RepeatAsync(
            _ => session.RunAsync(RedisScripts.Read, keys, arguments), cancel))!;
        (List<StoredEncounter> encounters, byte[] last) = Read(answer);
        if (Seal is not null && encounters.Any(one => one.LacksKey))
        {
            // Another silo made a key since this one looked.
            await RefreshAsync(Seal.Keys, cancel);
            (encounters, last) = Read(answer);
        }

        return new RedisChunk(encounters, last, (int)answer[0] == 1);
    }

    private static async Task RefreshAsync(KeyRing keys, CancellationToken cancel)
    {
        try
        {
            await keys.RefreshAsync(cancel);
        }
        catch (KeyException lost)
        {
            throw new StoreException(lost.Message, lost);
        }
    }

    private (List<StoredEncounter> Encounters, byte[] Last) Read(RedisResult[] answer)
    {
        List<StoredEncounter> encounters = new(answer.Length / 2);
        byte[] member = [];
        for (int i = 1; i < answer.Length; i += 2)
        {
            member = (byte[])answer[i]!;
            (byte[] person, byte[] id) = RedisMember.Split(member);
            byte[] record = (byte[])answer[i + 1]!;
            encounters.Add(
                StoredRecord.Read(person, id, record, Seal) with { Mark = RedisDigests.MarkOf(member, record) });
        }

        return (encounters, member);
    }
}

/// <summary>Part of a listing, with the member after which the next part starts.</summary>
internal readonly record struct RedisChunk(List<StoredEncounter> Encounters, byte[] LastMember, bool IsLast);
