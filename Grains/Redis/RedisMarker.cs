using MatchCluster.Matching;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// The key that says whose the others are: a hash of format, version and partition count, written once.
/// </summary>
internal static class RedisMarker
{
    public const string Format = "MatchCluster gallery store";
    public const int Version = 1;

    /// <summary>Version of a gallery whose records are sealed.</summary>
    public const int SealedVersion = 2;

    /// <summary>
    /// Version of a sealed gallery that keeps pictures: an older program would delete an encounter without them.
    /// </summary>
    public const int PicturesVersion = 3;

    /// <summary>Says that the gallery keeps pictures.</summary>
    public static Task KeepsPicturesAsync(RedisSession session, CancellationToken cancel) =>
        session.RepeatAsync(db => db.HashSetAsync(session.Keys.Marker, "version", PicturesVersion), cancel);

    /// <summary>Checks or creates the marker.</summary>
    /// <returns>The stored partition count.</returns>
    /// <exception cref="StoreException">The keys are not ours, or versions or partition counts
    /// differ.</exception>
    public static async Task<int> OpenAsync(
        RedisSession session, int? wanted, int defaultPartitions, RedisStoreOptions options, CancellationToken cancel)
    {
        int count = wanted ?? defaultPartitions;
        RedisKey marker = session.Keys.Marker;
        RedisType type = await session.RepeatAsync(db => db.KeyTypeAsync(marker), cancel);
        if (type == RedisType.None)
        {
            await CheckNamesAreFreeAsync(session, count, cancel);
        }
        else if (type != RedisType.Hash)
        {
            throw new StoreException(
                $"key {marker} is a {type} of another application, wanted a hash; choose another name");
        }

        RedisResult[] found = (RedisResult[])(await session.RepeatAsync(
            _ => session.RunAsync(RedisScripts.Create, [marker], [Format, Version, count]), cancel))!;
        bool isSealed = (string?)found[1] is { } said
            && (said == $"{SealedVersion}" || said == $"{PicturesVersion}");
        if (isSealed && options is { MasterKey: null, TouchesNoRecords: false })
        {
            throw new StoreException(
                $"{marker} is encrypted and no master key is given; say where the key is (--master-key FILE, "
                + "--master-key-env NAME or --master-key-command COMMAND)");
        }

        int partitions = Check(
            marker, (string?)found[0], isSealed ? $"{Version}" : (string?)found[1], (string?)found[2], wanted);
        if (!isSealed && options.MasterKey is not null)
        {
            if (options.TouchesNoRecords)
            {
                throw new StoreException(
                    $"{marker} is not encrypted and a front end is given a master key; start silos with it first, "
                    + "or leave it out");
            }

            await session.RepeatAsync(db => db.HashSetAsync(marker, "version", SealedVersion), cancel);
        }

        return partitions;
    }

    private static int Check(
        RedisKey marker, string? format, string? version, string? partitions, int? wanted)
    {
        if (format != Format)
        {
            throw new StoreException(
                $"key {marker} is a hash of another application (format '{format}'), wanted '{Format}'; "
                + "choose another name");
        }

        if (!int.TryParse(version, out int number) || number != Version)
        {
            throw new StoreException(
                $"{marker} has store version '{version}', this program reads versions {Version} to "
                + $"{PicturesVersion}; "
                + (number > Version ? "use the newer program that wrote it" : "restore a backup"));
        }

        if (!int.TryParse(partitions, out int stored) || stored is < 1 or > Limits.Partitions)
        {
            throw new StoreException(
                $"{marker} states '{partitions}' partitions, wanted 1 to {Limits.Partitions}");
        }

        return wanted is { } count && count != stored
            ? throw new StoreException(
                $"{marker} was created with {stored} partitions and {count} are asked for; "
                + $"leave the setting out or set it to {stored}, or enrol under a new name")
            : stored;
    }

    /// <summary>
    /// Keys under our names without a marker: another application's, or a gallery that lost its marker. Both
    /// would be damaged by going on.
    /// </summary>
    private static async Task CheckNamesAreFreeAsync(
        RedisSession session, int count, CancellationToken cancel)
    {
        IEnumerable<RedisKey> keys = Enumerable.Range(0, count).SelectMany(session.Keys.Partition);
        foreach (RedisKey[] some in keys.Append(session.Keys.Blobs).Chunk(RedisLimits.PartitionsAsked))
        {
            bool[] exist = await session.RepeatAsync(
                db => Task.WhenAll(some.Select(key => db.KeyExistsAsync(key))), cancel);
            int taken = Array.IndexOf(exist, true);

            // Another member that created this gallery in this moment is welcome.
            if (taken >= 0
                && !await session.RepeatAsync(db => db.KeyExistsAsync(session.Keys.Marker), cancel))
            {
                throw new StoreException(
                    $"key {some[taken]} exists and {session.Keys.Marker} does not: it is no gallery of ours; "
                    + "choose another name, or restore a backup that holds both");
            }
        }
    }
}
