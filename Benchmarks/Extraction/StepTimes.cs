using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Extraction;

namespace MatchCluster.Benchmarks.Extraction;

/// <summary>How long each step of the extraction took, in CPU time of its thread.</summary>
internal sealed class StepTimes
{
    private readonly List<(string Name, double Milliseconds)> steps = [];
    private double last;

    public StepTimes()
    {
    }

    /// <summary>Listens to an extractor until another one listens to it.</summary>
    public StepTimes(FingerExtractor extractor) => extractor.Steps.StepDone = Done;

    public IReadOnlyList<(string Name, double Milliseconds)> Steps => this.steps;

    /// <summary>The next step begins now.</summary>
    public void Start() => last = ThreadClock.Seconds();

    /// <summary>Adds the times of other pictures.</summary>
    public void Add(StepTimes other)
    {
        foreach ((string name, double milliseconds) in other.steps)
        {
            Add(name, milliseconds);
        }
    }

    private void Done(string name)
    {
        Add(name, 1000 * (ThreadClock.Seconds() - last));
        last = ThreadClock.Seconds();
    }

    private void Add(string name, double milliseconds)
    {
        int at = this.steps.FindIndex(step => step.Name == name);
        if (at < 0)
        {
            this.steps.Add((name, milliseconds));
        }
        else
        {
            this.steps[at] = (name, this.steps[at].Milliseconds + milliseconds);
        }
    }
}
