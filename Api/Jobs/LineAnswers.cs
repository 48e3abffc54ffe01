using System.Text.Json.Nodes;

namespace MatchCluster.Api.Jobs;

/// <summary>
/// Answers of lines that are not saved yet. They wait where a line before them is to be asked again, so that none
/// of them is searched a second time for its sake.
/// </summary>
internal sealed class LineAnswers
{
    private readonly Dictionary<long, (LinePlan Plan, JsonObject Answer)> kept = [];

    /// <summary>The plan of a line that is answered; null where it is to be asked.</summary>
    /// <param name="line">Number of the line.</param>
    public LinePlan? PlanOf(long line) =>
        kept.TryGetValue(line, out (LinePlan Plan, JsonObject) one) ? one.Plan : null;

    /// <summary>The answer of a line; null where there is none.</summary>
    /// <param name="line">Number of the line.</param>
    public JsonObject? AnswerOf(long line) =>
        kept.TryGetValue(line, out (LinePlan, JsonObject Answer) one) ? one.Answer : null;

    /// <summary>Adds what was answered.</summary>
    /// <param name="portion">Lines, of which those were asked that have no failure and no answer here.</param>
    /// <param name="answers">Answers by the place of their line among those that were asked, from 1 on.</param>
    public void Add(
        IEnumerable<(JobLine Line, LinePlan Plan)> portion, IReadOnlyDictionary<long, JsonObject> answers)
    {
        long asked = 0;
        foreach ((JobLine line, LinePlan plan) in portion)
        {
            if (plan.Failure is null && !kept.ContainsKey(line.Number)
                && answers.TryGetValue(++asked, out JsonObject? answer))
            {
                kept[line.Number] = (plan, answer);
            }
        }
    }

    /// <summary>Forgets lines that are saved, and answers that do not count.</summary>
    /// <param name="saved">Number of the last line that is saved.</param>
    /// <param name="counts">Whether an answer counts whenever it is saved.</param>
    public void Forget(long saved, Func<JsonObject, bool> counts)
    {
        foreach ((long line, (_, JsonObject answer)) in kept.ToArray())
        {
            if (line <= saved || !counts(answer))
            {
                kept.Remove(line);
            }
        }
    }
}
