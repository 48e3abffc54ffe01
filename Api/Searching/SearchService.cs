using System.Diagnostics;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quotas;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Searching;

/// <summary>
/// The way of every search through the front end: gate, turn, engine, metrics. Both doors lead through it.
/// </summary>
internal sealed class SearchService
{
    private readonly SearchRoot root;
    private readonly AdmissionGate gate;
    private readonly SearchTurns turns;
    private readonly ProbePreparation probes;
    private readonly SearchMetrics metrics;
    private readonly ScoreCalibration calibration;
    private readonly MeteredPolicy? meter;

    public SearchService(
        SearchRoot root, AdmissionGate gate, SearchTurns turns, ProbePreparation probes, SearchMetrics metrics,
        EngineCalls calls, MeteredPolicy? meter = null)
    {
        this.meter = meter;
        (this.root, this.gate, this.turns, this.probes, this.metrics) = (root, gate, turns, probes, metrics);
        calibration = calls.Calibration;
        metrics.ObserveTurns(() => turns.Waiting);
    }

    /// <summary>What fingers are scored by.</summary>
    public ScoreCalibration Calibration => calibration;

    /// <summary>Between two looks whether there is a place.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>A single search: refused at the gate before anything is prepared for it.</summary>
    /// <param name="samples">What to search with.</param>
    /// <param name="path">Where they came from, for what is wrong with them.</param>
    /// <param name="load">What it will probably cost.</param>
    /// <param name="read">The rest of the request, once the probe is there.</param>
    /// <param name="asker">Who asks: decides who is refused first and who goes first.</param>
    /// <param name="budget">How long the caller waits.</param>
    /// <param name="areStored">The samples are those of a stored person.</param>
    public async ValueTask<Parsed<IdentifyAnswer>> IdentifyAsync(
        IReadOnlyList<Sample> samples, string path, SearchLoad load, Func<Probe, Parsed<IdentifyRequest>> read,
        Asker asker, SearchBudget budget, bool areStored)
    {
        if (await UsedUpAsync(asker, budget) is { } usedUp)
        {
            return usedUp;
        }

        if (gate.Enter(load, asker) is { } full)
        {
            return Refused(full, asker.Priority, budget);
        }

        Told told = Told.Nothing;
        try
        {
            Parsed<Probe> probe = await PrepareAsync(samples, path, budget, areStored);
            if (probe.IsFailed)
            {
                return probe.Failure;
            }

            Parsed<IdentifyRequest> request = read(probe.Value);
            if (request.IsFailed)
            {
                return request.Failure;
            }

            IReadOnlyList<IdentifyAnswer> answers = await InsideAsync([request.Value], load, asker, budget);
            told = Told.Of(answers, budget);
            return answers[0];
        }
        finally
        {
            gate.Leave(load, asker, told);
        }
    }

    /// <summary>
    /// Some lines of a stream, which waits where a single call is sent away: its caller feels it by the lines that are
    /// not read on. Refused only when the budget ends first. They take one place: one pass over each partition serves
    /// all of them.
    /// </summary>
    public async ValueTask<Parsed<IReadOnlyList<IdentifyAnswer>>> WaitAndIdentifyAsync(
        IReadOnlyList<IdentifyRequest> requests, Asker asker, SearchBudget budget)
    {
        SearchLoad load = requests.Aggregate(default(SearchLoad), (sum, request) => sum + SearchLoad.Of(request));
        while (gate.Enter(load, asker) is { } full)
        {
            if (budget.Remaining <= Look)
            {
                return Refused(full, asker.Priority, budget);
            }

            await Task.Delay(Look, budget.Cancel);
        }

        Told told = Told.Nothing;
        try
        {
            IReadOnlyList<IdentifyAnswer> answers = await InsideAsync(requests, load, asker, budget);
            told = Told.Of(answers, budget);
            return Parsed<IReadOnlyList<IdentifyAnswer>>.Of(answers);
        }
        finally
        {
            gate.Leave(load, asker, told);
        }
    }

    private async ValueTask<IReadOnlyList<IdentifyAnswer>> InsideAsync(
        IReadOnlyList<IdentifyRequest> requests, SearchLoad load, Asker asker, SearchBudget budget)
    {
        long started = Stopwatch.GetTimestamp();
        using Activity? activity = metrics.Activities.StartActivity("identify");
        IReadOnlyList<IdentifyAnswer> answers = await InTurnAsync(requests, load, asker, budget);
        ScatterSpan.EndGather(activity);
        metrics.Searched(Stopwatch.GetElapsedTime(started), asker.Priority, answers);
        return answers;
    }

    private async ValueTask<IReadOnlyList<IdentifyAnswer>> InTurnAsync(
        IReadOnlyList<IdentifyRequest> requests, SearchLoad load, Asker asker, SearchBudget budget)
    {
        long asked = Stopwatch.GetTimestamp();
        bool isTaken = await turns.TakeAsync(load, asker, budget);
        metrics.Waited(Stopwatch.GetElapsedTime(asked), asker.Priority);
        try
        {
            metrics.Served(isTaken ? load.Cost : 0, budget.Use.Partner);

            // A budget that ended in between: the engine says of every partition that it was not searched.
            IReadOnlyList<IdentifyAnswer> answers = await root.IdentifyAsync(requests, budget.At(asker.Standing));
            return [.. answers.Select(answer => answer with { Calibration = calibration })];
        }
        finally
        {
            if (isTaken)
            {
                turns.Return(load, asker);
            }
        }
    }

    /// <summary>One partition's work for a moment: a place at the gate, no turn.</summary>
    public async ValueTask<Parsed<VerifyAnswer>> VerifyAsync(
        IReadOnlyList<Sample> samples, string gallery, string personId, double threshold, Asker asker,
        SearchBudget budget)
    {
        if (await UsedUpAsync(asker, budget) is { } usedUp)
        {
            return usedUp;
        }

        if (gate.Enter(SearchLoad.Call, asker) is { } full)
        {
            return Refused(full, asker.Priority, budget);
        }

        using Activity? activity = metrics.Activities.StartActivity("verify");
        bool isAnswered = false;
        try
        {
            Parsed<Probe> probe = await PrepareAsync(samples, "biometricData", budget);
            if (probe.IsFailed)
            {
                return probe.Failure;
            }

            Parsed<VerifyAnswer> decided = CoverageRule.Decided(
                await root.VerifyAsync(probe.Value, gallery, personId, threshold, budget.At(asker.Standing)));
            isAnswered = !decided.IsFailed;
            return decided;
        }
        finally
        {
            gate.Leave(SearchLoad.Call, asker, Told.OfCall(isAnswered, budget));
        }
    }

    private async ValueTask<Parsed<Probe>> PrepareAsync(
        IReadOnlyList<Sample> samples, string path, SearchBudget budget, bool areStored = false)
    {
        using Activity? activity = metrics.Activities.StartActivity("prepare probe");
        return await probes.PrepareAsync(samples, path, budget, areStored);
    }

    /// <summary>What the partner may not have now takes no place and no turn of those who may.</summary>
    private async ValueTask<Failure?> UsedUpAsync(Asker asker, SearchBudget budget)
    {
        if (meter is null || await meter.LookAsync(budget.Use, budget.Cancel) is not { } refusal)
        {
            return null;
        }

        metrics.Refused("Quota", asker.Priority, budget.Use.Partner);
        return Failure.Of(refusal);
    }

    private Failure Refused(Failure full, Priority priority, SearchBudget budget)
    {
        metrics.Refused("Gate", priority, budget.Use.Partner);
        return full;
    }
}
