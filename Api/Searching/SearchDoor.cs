using System.Diagnostics;
using MatchCluster.Api.Http;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Searching;

/// <summary>
/// The way of every search through the front end: gate, turn, engine, metrics. Both doors lead through it.
/// </summary>
internal sealed class SearchDoor
{
    private readonly SearchRoot root;
    private readonly AdmissionGate gate;
    private readonly SearchTurns turns;
    private readonly ProbePreparation probes;
    private readonly SearchMetrics metrics;

    public SearchDoor(
        SearchRoot root, AdmissionGate gate, SearchTurns turns, ProbePreparation probes, SearchMetrics metrics)
    {
        (this.root, this.gate, this.turns, this.probes, this.metrics) = (root, gate, turns, probes, metrics);
        metrics.ObserveTurns(() => turns.Waiting);
    }

    /// <summary>The time between two looks whether there is a place.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>A single search: refused at the gate before anything is prepared for it.</summary>
    /// <param name="samples">What to search with.</param>
    /// <param name="path">Where they came from, for what is wrong with them.</param>
    /// <param name="load">What it will probably cost.</param>
    /// <param name="read">The rest of the request, once the probe is there.</param>
    /// <param name="priority">Decides who is refused first and who goes first.</param>
    /// <param name="budget">How long the caller waits.</param>
    /// <param name="areStored">The samples are those of a stored person.</param>
    public async ValueTask<Mapped<IdentifyAnswer>> IdentifyAsync(
        IReadOnlyList<Sample> samples, string path, SearchLoad load, Func<Probe, Mapped<IdentifyRequest>> read,
        Priority priority, SearchBudget budget, bool areStored)
    {
        if (gate.Enter(load, priority) is { } full)
        {
            return Refused(full, priority);
        }

        Told told = Told.Nothing;
        try
        {
            Mapped<Probe> probe = await probes.PrepareAsync(samples, path, budget, areStored);
            if (probe.IsFailed)
            {
                return probe.Failure;
            }

            Mapped<IdentifyRequest> request = read(probe.Value);
            if (request.IsFailed)
            {
                return request.Failure;
            }

            IReadOnlyList<IdentifyAnswer> answers = await InsideAsync([request.Value], load, priority, budget);
            told = Told.Of(answers, budget);
            return answers[0];
        }
        finally
        {
            gate.Leave(load, priority, told);
        }
    }

    /// <summary>
    /// Some lines of a stream, which waits where a single call is sent away: its caller feels it by the lines that are
    /// not read on. Refused only when the budget ends first. They take one place: one pass over each partition serves
    /// all of them.
    /// </summary>
    public async ValueTask<Mapped<IReadOnlyList<IdentifyAnswer>>> WaitAndIdentifyAsync(
        IReadOnlyList<IdentifyRequest> requests, Priority priority, SearchBudget budget)
    {
        SearchLoad load = requests.Aggregate(default(SearchLoad), (sum, request) => sum + SearchLoad.Of(request));
        while (gate.Enter(load, priority) is { } full)
        {
            if (budget.Remaining <= Look)
            {
                return Refused(full, priority);
            }

            await Task.Delay(Look, budget.Cancel);
        }

        Told told = Told.Nothing;
        try
        {
            IReadOnlyList<IdentifyAnswer> answers = await InsideAsync(requests, load, priority, budget);
            told = Told.Of(answers, budget);
            return Mapped<IReadOnlyList<IdentifyAnswer>>.Of(answers);
        }
        finally
        {
            gate.Leave(load, priority, told);
        }
    }

    private async ValueTask<IReadOnlyList<IdentifyAnswer>> InsideAsync(
        IReadOnlyList<IdentifyRequest> requests, SearchLoad load, Priority priority, SearchBudget budget)
    {
        long started = Stopwatch.GetTimestamp();
        using Activity? activity = metrics.Activities.StartActivity("identify");
        IReadOnlyList<IdentifyAnswer> answers = await InTurnAsync(requests, load, priority, budget);
        ScatterSpan.EndGather(activity);
        metrics.Searched(Stopwatch.GetElapsedTime(started), priority, answers);
        return answers;
    }

    private async ValueTask<IReadOnlyList<IdentifyAnswer>> InTurnAsync(
        IReadOnlyList<IdentifyRequest> requests, SearchLoad load, Priority priority, SearchBudget budget)
    {
        long asked = Stopwatch.GetTimestamp();
        bool isTaken = await turns.TakeAsync(load, priority, budget);
        metrics.Waited(Stopwatch.GetElapsedTime(asked), priority);
        try
        {
            // A budget that ended in between: the engine says of every partition that it was not searched.
            return await root.IdentifyAsync(requests, budget);
        }
        finally
        {
            if (isTaken)
            {
                turns.Return(load);
            }
        }
    }

    /// <summary>One partition's work for a moment: a place at the gate, no turn.</summary>
    public async ValueTask<Mapped<VerifyAnswer>> VerifyAsync(
        IReadOnlyList<Sample> samples, string gallery, string personId, double threshold, Priority priority,
        SearchBudget budget)
    {
        if (gate.Enter(SearchLoad.Call, priority) is { } full)
        {
            return Refused(full, priority);
        }

        using Activity? activity = metrics.Activities.StartActivity("verify");
        try
        {
            Mapped<Probe> probe = await probes.PrepareAsync(samples, "biometricData", budget);
            if (probe.IsFailed)
            {
                return probe.Failure;
            }

            return Covered.Decided(
                await root.VerifyAsync(probe.Value, gallery, personId, threshold, budget));
        }
        finally
        {
            gate.Leave(SearchLoad.Call, priority, Told.InFull);
        }
    }

    private Failure Refused(Failure full, Priority priority)
    {
        metrics.Refused("Gate", priority);
        return full;
    }
}
