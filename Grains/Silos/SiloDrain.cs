using Microsoft.Extensions.Logging;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Hands on everything that a silo has before it stops, for as long as that makes progress. A partition that one silo
/// cannot take (no memory, out of reach) is offered to the others, and when all have failed once, to all of them again.
/// It ends when nothing is left, when nobody is there to take it, when nothing has moved or been loaded for
/// <see cref="NoProgress"/>, when nobody has said who may take it for <see cref="NoWord"/>, or with the time that the
/// stop has (<c>--drain-seconds</c>).
/// </summary>
/// <param name="look">What is still here, and who may take it; asked before every pass.</param>
/// <param name="handOn">Hands one partition to a silo; false or an exception where that failed.</param>
/// <param name="clock">Measures progress.</param>
/// <param name="log">Says what could not be handed on.</param>
internal sealed partial class SiloDrain(
    Func<Task<DrainPicture>> look, SiloDrain.HandOn handOn, TimeProvider clock, ILogger log)
{
    /// <summary>Longer than a silo that has died takes to be noticed, and a load to begin.</summary>
    public static readonly TimeSpan NoProgress = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The catalogue may have been on a silo that has just died: longer than that takes to be noticed.
    /// </summary>
    public static readonly TimeSpan NoWord = TimeSpan.FromSeconds(15);

    /// <summary>A pass in which something failed is followed by this, so that a failure is no busy loop.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, HashSet<string>> failedAt = [];
    private readonly Dictionary<(int Partition, string Silo), long> mostLoaded = [];
    private readonly Lock guard = new();
    private long progressed;

    /// <summary>Hands one partition to a silo, and tells how many encounters are loaded there.</summary>
    public delegate Task<bool> HandOn(int partition, string silo, Action<long> loaded, CancellationToken cancel);

    /// <returns>Partitions that are still here.</returns>
    /// <param name="atOnce">Hand-overs at a time.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<int> RunAsync(int atOnce, CancellationToken cancel)
    {
        Progressed();
        long heard = clock.GetTimestamp();
        while (true)
        {
            DrainPicture picture = await look();
            if (picture.Here.Count == 0 || (picture.IsHeard && picture.Silos.Count == 0))
            {
                return picture.Here.Count;
            }

            if (!picture.IsHeard)
            {
                if (clock.GetElapsedTime(heard) >= NoWord)
                {
                    LogNoWord(log, picture.Here.Count, NoWord.TotalSeconds);
                    return picture.Here.Count;
                }

                await Task.Delay(AfterFailure, clock, cancel);
                continue;
            }

            int moved = 0;
            await Parallel.ForEachAsync(
                picture.Here, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancel },
                async (partition, token) =>
                {
                    if (await HandOnAsync(partition.Key, TargetOf(partition.Key, partition.Value, picture), token))
                    {
                        Interlocked.Increment(ref moved);
                    }
                });
            if (clock.GetElapsedTime(Volatile.Read(ref progressed)) >= NoProgress)
            {
                int left = picture.Here.Count - moved;
                LogGivenUp(log, left, NoProgress.TotalSeconds);
                return left;
            }

            if (moved < picture.Here.Count)
            {
                await Task.Delay(AfterFailure, clock, cancel);
            }

            heard = clock.GetTimestamp();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Left} partitions could not be handed on: none was loaded anywhere for {Seconds} s")]
    private static partial void LogGivenUp(ILogger log, int left, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Left} partitions could not be handed on: the catalogue has not said for {Seconds} s who shall have them")]
    private static partial void LogNoWord(ILogger log, int left, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Partition {Partition} could not be handed to silo {Silo}; it is tried again: {Reason}")]
    private static partial void LogFailed(ILogger log, int partition, string silo, string reason);

    /// <summary>The silo that shall own it, or where it has failed there, one where it has not.</summary>
    private string TargetOf(int partition, string wanted, DrainPicture picture)
    {
        lock (guard)
        {
            if (!failedAt.TryGetValue(partition, out HashSet<string>? failed))
            {
                failedAt[partition] = failed = new HashSet<string>(StringComparer.Ordinal);
            }

            string[] left = [.. picture.Silos.Where(silo => !failed.Contains(silo))];
            if (left.Length == 0)
            {
                failed.Clear();
                left = [.. picture.Silos];
            }

            return left.Contains(wanted) ? wanted : Catalogue.Rendezvous.Nearest(partition, left);
        }
    }

    private async Task<bool> HandOnAsync(int partition, string silo, CancellationToken cancel)
    {
        try
        {
            if (await handOn(partition, silo, loaded => Loaded(partition, silo, loaded), cancel))
            {
                Progressed();
                return true;
            }
        }
        catch (Exception failed) when (!cancel.IsCancellationRequested)
        {
            // The silo died, or does not answer: the others are still there.
            LogFailed(log, partition, silo, failed.Message);
        }

        lock (guard)
        {
            failedAt[partition].Add(silo);
        }

        return false;
    }

    /// <summary>A load that fails again and again at the same place makes no progress.</summary>
    private void Loaded(int partition, string silo, long encounters)
    {
        lock (guard)
        {
            if (encounters > mostLoaded.GetValueOrDefault((partition, silo)))
            {
                mostLoaded[(partition, silo)] = encounters;
                Progressed();
            }
        }
    }

    private void Progressed() => Volatile.Write(ref progressed, clock.GetTimestamp());
}

/// <summary>What a silo that stops has, and who may take it.</summary>
/// <param name="Here">Partitions that are still here, each with the silo that shall own it.</param>
/// <param name="Silos">Names of the silos that can take partitions.</param>
/// <param name="IsHeard">
/// Whether the catalogue said so since it knows of the stop. What it said before names this silo as the owner.
/// </param>
internal sealed record DrainPicture(
    IReadOnlyDictionary<int, string> Here, IReadOnlyList<string> Silos, bool IsHeard = true);
