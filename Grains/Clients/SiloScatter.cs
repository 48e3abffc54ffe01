using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Grains.Clients;

/// <summary>
/// Scatters a batch with one message per silo. A partition that is not where it was thought to be, or whose silo does
/// not answer, is asked by name; so is one that is found elsewhere while its old silo is still silent, and whichever
/// answers first counts. A silo that answers no ping either is not waited for (<see cref="SiloPulse"/>).
/// </summary>
internal sealed class SiloScatter(
    IGrainFactory grains, IReadOnlyList<GrainPartition> partitions, PartitionMap map, SiloPulse pulse,
    SearchFrames frames)
{
    /// <summary>
    /// The time before a partition that was found elsewhere and is loading there is asked again.
    /// </summary>
    private static readonly TimeSpan BetweenHedges = TimeSpan.FromMilliseconds(50);

    private const int NamedAtMost = 16;

    public Task<PartitionAnswer>[] Search(SearchBatch batch, SearchBudget budget)
    {
        PartitionFrame frame = frames.Of(batch);
        if (frame.Bytes.Length > MessageLimits.RequestBytes)
        {
            // Each partition sends it in parts, or says why not.
            return [.. partitions.Select(partition => partition.SearchAsync(batch, budget).AsTask())];
        }

        Pending[] pending = [.. partitions.Select(partition => new Pending(partition, batch, budget))];
        foreach (IGrouping<string?, Pending> silo in pending.GroupBy(one => map.Of(one.Number)))
        {
            Pending[] here = [.. silo];
            _ = silo.Key is null ? AskByNameAsync(here) : AskAsync(silo.Key, here, frame, budget);
        }

        return [.. pending.Select(one => one.Answer)];
    }

    /// <summary>Status of every partition, with one message per silo too.</summary>
    public async Task<PartitionStatus[]> StatusAsync(CancellationToken cancel)
    {
        PartitionStatus?[] found = new PartitionStatus?[partitions.Count];
        string[] silos = [.. Enumerable.Range(0, partitions.Count).Select(map.Of).OfType<string>().Distinct()];
        await Task.WhenAll(silos.Select(async silo =>
        {
            foreach (PartitionStatus status in await StatusOfAsync(silo, cancel))
            {
                found[status.Partition.Number] = partitions[status.Partition.Number].Heard(status);
            }
        }));
        return await Task.WhenAll(found.Select(
            (status, number) => status is not null
                ? Task.FromResult(status) : partitions[number].StatusAsync(cancel).AsTask()));
    }

    private async Task<IEnumerable<PartitionStatus>> StatusOfAsync(string silo, CancellationToken cancel)
    {
        if (pulse.IsSilent(silo))
        {
            return [];
        }

        Reply<SiloAnswers> reply = await GrainCall.OnceAsync(
            $"silo {silo}", grains.GetGrain<ISiloGrain>(silo).StatusAsync, GrainPartition.StatusTime, cancel);
        cancel.ThrowIfCancellationRequested();
        if (reply.Answer is not { } answers)
        {
            map.Lost(silo);
            return [];
        }

        map.Found(silo, answers.Hosted);
        return answers.Frames.Select(frame => PartitionStatusFrame.Decode(frame))
            .Select(decoded => decoded.Value).OfType<PartitionStatus>()
            .Where(status => status.Partition.Number >= 0 && status.Partition.Number < partitions.Count);
    }

    /// <summary>A bug is told to whoever waits; nobody looks at this task.</summary>
    private async Task AskAsync(string silo, Pending[] here, PartitionFrame frame, SearchBudget budget)
    {
        try
        {
            await AskSiloAsync(silo, here, frame, budget);
        }
        catch (Exception bug)
        {
            foreach (Pending one in here)
            {
                one.Fail(bug);
            }
        }
    }

    private async Task AskSiloAsync(string silo, Pending[] here, PartitionFrame frame, SearchBudget budget)
    {
        if (pulse.IsSilent(silo))
        {
            GiveUp(here, Silent(silo, here));
            return;
        }

        int[] numbers = [.. here.Select(one => one.Number)];
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(budget.Cancel);
        Task<Reply<SiloAnswers>> asked = GrainCall.OnceAsync(
            $"silo {silo}",
            cancel => grains.GetGrain<ISiloGrain>(silo).SearchAsync(
                new SiloSearch(frame.Bytes, numbers, (long)budget.Remaining.TotalMilliseconds), cancel),
            budget.Remaining + GrainPartition.AnswerTime, enough.Token).AsTask();
        Task<SiloReachability> watched = pulse.WatchAsync(silo, asked);
        if (await HedgeAsync(silo, here, watched) || await watched != SiloReachability.Answers)
        {
            // What was sent is taken back: a silo that wakes up need not search for nobody.
            await enough.CancelAsync();
        }

        Reply<SiloAnswers> reply = await asked;
        SiloReachability standing = await watched;
        if (standing == SiloReachability.Silent && reply.Answer is null)
        {
            GiveUp(here, Silent(silo, here));
            return;
        }

        if (reply.Answer is { } answers)
        {
            map.Found(silo, answers.Hosted);
            Take(here, answers);
        }
        else if (!reply.IsMoving && standing != SiloReachability.Gone)
        {
            // It was busy to the end or cannot take the call: nobody else can answer in time.
            GiveUp(here, reply.Failure!);
            return;
        }
        else
        {
            map.Lost(silo);
        }

        await AskByNameAsync([.. here.Where(one => !one.Answer.IsCompleted)]);
    }

    /// <summary>One sentence for all of its partitions; a long list is cut.</summary>
    private static Outage Silent(string silo, Pending[] here)
    {
        Outage silent = SiloPulse.OutageOf(silo);
        string named = string.Join(", ", here.Take(NamedAtMost).Select(one => one.Number));
        string more = here.Length > NamedAtMost ? $" and {here.Length - NamedAtMost} more" : "";
        return silent with { Reason = $"partitions {named}{more} were not searched: {silent.Reason}" };
    }

    private static void GiveUp(Pending[] here, Outage why)
    {
        foreach (Pending one in here)
        {
            one.Give(one.Partition.NotSearched(why));
        }
    }

    /// <summary>
    /// While a silo does not answer: what is found elsewhere is asked there too, again and again while it is
    /// being loaded.
    /// </summary>
    /// <returns>Whether everything was answered so, and the silo need not answer any more.</returns>
    private async Task<bool> HedgeAsync(string silo, Pending[] here, Task asked)
    {
        while (!asked.IsCompleted)
        {
            Task changed = map.Changed;
            Pending[] moved =
            [
                .. here.Where(one => !one.Answer.IsCompleted && map.Of(one.Number) is { } now && now != silo),
            ];
            if (moved.Length == 0)
            {
                await Task.WhenAny(asked, changed);
                continue;
            }

            await Task.WhenAny(asked, Task.WhenAll(moved.Select(one => one.HedgeAsync())));
            if (here.All(one => one.Answer.IsCompleted))
            {
                return true;
            }

            await Task.WhenAny(asked, Task.Delay(BetweenHedges));
        }

        return false;
    }

    private static void Take(Pending[] here, SiloAnswers answers)
    {
        Dictionary<int, Pending> waiting = here.ToDictionary(one => one.Number);
        foreach (byte[] frame in answers.Frames)
        {
            Decoded<PartitionAnswer> decoded = PartitionAnswerFrame.Decode(frame);
            if (decoded.IsAccepted && waiting.TryGetValue(decoded.Value.Partition.Number, out Pending? one))
            {
                one.Give(one.Partition.Heard(decoded.Value));
            }
        }
    }

    private static Task AskByNameAsync(Pending[] some) => Task.WhenAll(some.Select(one => one.AskByNameAsync()));

    /// <summary>One partition's answer, from whoever gives it first.</summary>
    private sealed class Pending(GrainPartition partition, SearchBatch batch, SearchBudget budget)
    {
        private readonly TaskCompletionSource<PartitionAnswer> answer =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public GrainPartition Partition => partition;

        public int Number => partition.Id.Number;

        public Task<PartitionAnswer> Answer => answer.Task;

        public void Give(PartitionAnswer given) => answer.TrySetResult(given);

        public void Fail(Exception bug) => answer.TrySetException(bug);

        public Task AskByNameAsync() => AskAsync(isWanted: _ => true);

        /// <summary>
        /// Asks beside a silo that may still answer: that a partition is being loaded is no answer yet.
        /// </summary>
        public Task HedgeAsync() => AskAsync(isWanted: given => given.Outcome != PartitionOutcome.Unavailable);

        private async Task AskAsync(Func<PartitionAnswer, bool> isWanted)
        {
            try
            {
                PartitionAnswer given = await partition.SearchAsync(batch, budget);
                if (isWanted(given))
                {
                    Give(given);
                }
            }
            catch (Exception bug)
            {
                Fail(bug);
            }
        }
    }
}
