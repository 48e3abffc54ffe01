using System.Diagnostics;
using MatchCluster.Api.Http;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Api.Searching;

/// <summary>
/// The way of every search through the front end: gate, turn, engine, metrics. Both doors lead through it.
/// </summary>
internal sealed class SearchDoor
{
    private readonly SearchRoot root;
    private readonly AdmissionGate gate;
    private readonly SearchTurns turns;
    private readonly SearchMetrics metrics;

    public SearchDoor(SearchRoot root, AdmissionGate gate, SearchTurns turns, SearchMetrics metrics)
    {
        (this.root, this.gate, this.turns, this.metrics) = (root, gate, turns, metrics);
        metrics.ObserveTurns(() => turns.Waiting);
    }

    /// <summary>Between two looks whether there is a place.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public async ValueTask<Mapped<IdentifyAnswer>> IdentifyAsync(
        IdentifyRequest request, Priority priority, SearchBudget budget)
    {
        Mapped<IReadOnlyList<IdentifyAnswer>> answers = await IdentifyAsync([request], priority, budget);
        return answers.IsFailed ? answers.Failure : answers.Value[0];
    }

    /// <summary>A batch takes one place: one pass over each partition serves all of it.</summary>
    public async ValueTask<Mapped<IReadOnlyList<IdentifyAnswer>>> IdentifyAsync(
        IReadOnlyList<IdentifyRequest> requests, Priority priority, SearchBudget budget)
    {
        return gate.Enter(requests.Count, priority) is { } full
            ? Refused(full, priority) : await InsideAsync(requests, priority, budget);
    }

    /// <summary>
    /// The same for a stream, which waits where a single call is sent away: its caller feels it by the lines that are
    /// not read on. Refused only when the budget ends first.
    /// </summary>
    public async ValueTask<Mapped<IReadOnlyList<IdentifyAnswer>>> WaitAndIdentifyAsync(
        IReadOnlyList<IdentifyRequest> requests, Priority priority, SearchBudget budget)
    {
        while (gate.Enter(requests.Count, priority) is { } full)
        {
            if (budget.Remaining <= Look)
            {
                return Refused(full, priority);
            }

            await Task.Delay(Look, budget.Cancel);
        }

        return await InsideAsync(requests, priority, budget);
    }

    private async ValueTask<Mapped<IReadOnlyList<IdentifyAnswer>>> InsideAsync(
        IReadOnlyList<IdentifyRequest> requests, Priority priority, SearchBudget budget)
    {
        long started = Stopwatch.GetTimestamp();
        using Activity? activity = metrics.Activities.StartActivity("identify");
        try
        {
            IReadOnlyList<IdentifyAnswer> answers = await InTurnAsync(requests, priority, budget);
            ScatterSpan.EndGather(activity);
            metrics.Searched(Stopwatch.GetElapsedTime(started), priority, answers);
            return Mapped<IReadOnlyList<IdentifyAnswer>>.Of(answers);
        }
        finally
        {
            gate.Leave(requests.Count, priority);
        }
    }

    private async ValueTask<IReadOnlyList<IdentifyAnswer>> InTurnAsync(
        IReadOnlyList<IdentifyRequest> requests, Priority priority, SearchBudget budget)
    {
        long asked = Stopwatch.GetTimestamp();
        bool isTaken = await turns.TakeAsync(requests.Count, priority, budget);
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
                turns.Return(requests.Count);
            }
        }
    }

    /// <summary>One partition's work for a moment: a place at the gate, no turn.</summary>
    public async ValueTask<Mapped<VerifyAnswer>> VerifyAsync(
        Probe probe, string gallery, string personId, double threshold, Priority priority, SearchBudget budget)
    {
        if (gate.Enter(count: 0, priority) is { } full)
        {
            return Refused(full, priority);
        }

        using Activity? activity = metrics.Activities.StartActivity("verify");
        try
        {
            VerifyAnswer answer = await root.VerifyAsync(probe, gallery, personId, threshold, budget);
            return answer.Refusal is { } refusal ? Failure.Of(refusal)
                : answer.Outage is { } outage ? Failure.Of(outage)
                : answer;
        }
        finally
        {
            gate.Leave(count: 0, priority);
        }
    }

    private Failure Refused(Failure full, Priority priority)
    {
        metrics.Refused("Gate", priority);
        return full;
    }
}
