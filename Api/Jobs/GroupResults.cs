using System.Globalization;
using System.Text;
using System.Text.Json;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Deduplication;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>Results of jobs that compare a gallery with itself: groups of persons that may be one.</summary>
internal static class GroupResults
{
    /// <summary>The groups found so far, as NDJSON or a table.</summary>
    public static async Task<IResult> ReadAsync(
        TaskRecord job, ReleaseProfile release, bool isTable, TaskDesk desk, HttpContext http)
    {
        Parsed<IReadOnlyList<JobGroup>> read = await GroupsAsync(job, release, desk, http);
        if (read.Failure is { } failure)
        {
            return new ProblemFailed(failure);
        }

        StringBuilder text = new();
        if (!isTable)
        {
            foreach (JobGroup group in read.Value!)
            {
                text.Append(JsonSerializer.Serialize(group, JobJson.Default.JobGroup)).Append('\n');
            }

            return TypedResults.Text(text.ToString(), JobBody.NdjsonType);
        }

        text.Append("group,personId,otherId,score\r\n");
        for (int group = 0; group < read.Value!.Count; group++)
        {
            foreach (JobLink link in read.Value[group].Links)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{group + 1},{CsvText.Cell(link.PersonId)},{CsvText.Cell(link.OtherId)},{link.Score}\r\n");
            }
        }

        return TypedResults.Text(text.ToString(), JobBody.CsvType);
    }

    /// <summary>The groups found so far, as a page.</summary>
    public static async Task<IResult> ReportAsync(
        TaskRecord job, ReleaseProfile release, TaskDesk desk, HttpContext http)
    {
        Parsed<IReadOnlyList<JobGroup>> read = await GroupsAsync(job, release, desk, http);
        return read.Failure is { } failure ? new ProblemFailed(failure)
            : TypedResults.Text(JobReport.Of(JobAnswers.Of(job), read.Value!), "text/html", Encoding.UTF8);
    }

    private static async Task<Parsed<IReadOnlyList<JobGroup>>> GroupsAsync(
        TaskRecord job, ReleaseProfile release, TaskDesk desk, HttpContext http)
    {
        PartnerIds? ids = http.RequestServices.GetService<PartnerIds>();
        if (ids is null && release is ReleaseProfile.Candidates or ReleaseProfile.Scores)
        {
            return new Failure(
                FailureCode.Unknown, "no key for the ids of this release profile; wanted --reference-key");
        }

        IReadOnlyList<DuplicateGroup> groups = await PairLines.GroupsAsync(desk.Store, job, http.RequestAborted);
        return Parsed<IReadOnlyList<JobGroup>>.Of(
            [.. groups.Select(group => PairLines.Released(group, release, job.Partner, ids))]);
    }
}
