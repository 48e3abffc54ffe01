using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Endpoints;
using MatchCluster.Api.Searching;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>
/// Searches with probes of which it is known who they are, and notes for each how its person and the best other one
/// score. A stored encounter that is searched with never counts as its own mate: the score of its person is that of
/// the person's other encounters.
/// </summary>
internal sealed class AccuracyRunner(
    LineWalk walk, EncounterService encounters, PairService pairs, TimeProvider clock) : IJobRunner
{
    /// <summary>Scores below it are not looked at: no threshold that anybody searches with lies there.</summary>
    private const double Floor = 20;

    /// <summary>Ranks that are told apart.</summary>
    private const int Ranks = 100;

    /// <summary>Candidates without which nobody beside the probe's own record is seen.</summary>
    private const int LeastAsked = 2;

    public string Kind => JobKinds.Accuracy;

    public async Task<JobEnd> RunAsync(JobRun run, UseDecision decision, CancellationToken cancel)
    {
        if (decision.Release != ReleaseProfile.Full)
        {
            return JobEnd.Failed("errors are counted by persons and scores, which the agreement does not release");
        }

        // One place more than is looked at: the probe's own record takes one.
        int asked = Math.Min(
            (run.Call.MaxCandidates ?? Ranks) + 1, Math.Min(decision.MaxCandidates, Limits.CandidatesPerSearch));
        if (asked < LeastAsked)
        {
            return JobEnd.Failed(
                $"found an agreement of {decision.MaxCandidates} candidates, wanted {LeastAsked} at least: the "
                + "probe's own record takes one place");
        }

        double floor = Math.Max(run.Call.Threshold ?? Floor, decision.MinThreshold);
        await run.SaveAsync(
            run.Notes with
            {
                Release = decision.Release,
                Began = run.Notes.Began ?? clock.GetUtcNow(),
                Threshold = floor,
                Places = Math.Min(run.Notes.Places ?? int.MaxValue, asked - 1),
            },
            default, 0, cancel);
        JobCall call = run.Call with
        {
            Threshold = floor,
            MaxCandidates = asked,
        };
        try
        {
            return await walk.RunAsync(run, new Work(call, encounters, pairs), cancel) is { } reason
                ? JobEnd.Failed(reason) : JobEnd.Done;
        }
        catch (ReleaseNarrowedException narrowed)
        {
            return JobEnd.Failed(narrowed.Message);
        }
    }

    /// <summary>No person of an answer can be told any more: the job cannot go on.</summary>
    internal sealed class ReleaseNarrowedException(string message) : Exception(message);

    /// <summary>Who a probe is.</summary>
    /// <param name="PersonId">The person; null where it is nobody who is known.</param>
    /// <param name="EncounterId">The person's encounter that is the probe; null for samples that were sent.</param>
    /// <param name="IsEnrolled">Whether the person counts as enrolled.</param>
    internal sealed record Label(string? PersonId, string? EncounterId, bool IsEnrolled);

    internal sealed class Work(JobCall call, EncounterService encounters, PairService pairs) : ILineWork
    {
        private const string PersonId = "personId";
        private const string EncounterId = "encounterId";
        private const string Data = "biometricData";

        private static readonly string[] Ours = ["threshold", "maxNbCand", "targetFPIR", LineWriter.Enrolled];

        private readonly JobInput input = JobInput.Of(call.Body, call.Format!);
        private readonly LineWriter writer = new(call.Format!, JobInput.Of(call.Body, call.Format!).Columns);

        public LinePlan Write(JobLine line, IBufferWriter<byte> output) => call.Format == JobBody.Csv
            ? WriteCells(line, output) : WriteObject(line, output);

        public async ValueTask<Parsed<LineResult>> JudgeAsync(
            JobLine line, LinePlan plan, JsonObject answer, CancellationToken cancel)
        {
            if (LineWalk.OutcomeOf(answer) is not (LineOutcome.With or LineOutcome.Without) and var unsearched)
            {
                return new LineResult(answer, unsearched, (string?)answer["error"]?["title"]);
            }

            if (answer["release"] is { } release)
            {
                // Ids of the partner's own are those of no person of the lines.
                throw new ReleaseNarrowedException(
                    $"the agreement released {release} while the job ran; wanted full, for errors are counted by "
                    + "persons and scores");
            }

            Label label = (Label)plan.Label!;
            List<(string Person, double Score)> found = [.. (answer["candidates"] as JsonArray ?? [])
                .Select(one => ((string)one!["personId"]!, (double)one["score"]!))];
            double? mate = null;
            if (label.IsEnrolled)
            {
                Parsed<double?> score = await MateAsync(label, found, cancel);
                if (score.IsFailed)
                {
                    return HttpAnswers.StatusOf(score.Failure.Code) is StatusCodes.Status429TooManyRequests
                        or StatusCodes.Status503ServiceUnavailable ? score.Failure
                        : new LineResult(
                            LineWalk.ErrorOf(score.Failure), LineOutcome.Refused, score.Failure.Code.ToString());
                }

                mate = score.Value >= call.Threshold ? score.Value : null;
            }

            List<double> others = [.. found.Where(one => one.Person != label.PersonId).Select(one => one.Score)];
            bool isCut = (bool?)answer["cut"] ?? false;
            return new LineResult(
                new Observation
                {
                    Id = (string?)answer["id"],
                    PersonId = label.PersonId,
                    IsMated = label.IsEnrolled,
                    MateScore = mate,
                    MateRank = RankOf(mate, others, isCut),
                    OtherScore = others.Count == 0 ? null : others.Max(),
                    Comparable = (long)answer["coverage"]!["identitiesComparable"]!,
                    IsCut = isCut,
                }.ToJson(),
                found.Count > 0 ? LineOutcome.With : LineOutcome.Without);
        }

        /// <summary>
        /// 1, and one more for each other person with a higher score; null where the list ends above the person,
        /// so that nobody knows how many others do.
        /// </summary>
        private static int? RankOf(double? mate, List<double> others, bool isCut) =>
            mate is null || (isCut && !others.Exists(other => other <= mate)) ? null
            : 1 + others.Count(other => other > mate);

        private LinePlan WriteCells(JobLine line, IBufferWriter<byte> output)
        {
            IReadOnlyList<string> cells = JobInput.CellsOf(line.Bytes.Span);
            string Cell(string column) =>
                input.Columns.ToList().IndexOf(column) is >= 0 and var i && i < cells.Count ? cells[i] : "";

            bool? isEnrolled = Cell(LineWriter.Enrolled) switch { "" or "yes" => true, "no" => false, _ => null };
            if (isEnrolled is null)
            {
                return new LinePlan(Failure.Invalid(LineWriter.Enrolled, Cell(LineWriter.Enrolled), "yes or no"));
            }

            string encounter = Cell(EncounterId);
            return CheckReference(isEnrolled.Value, encounter) is { } wrong ? new LinePlan(wrong)
                : new LinePlan(
                    writer.Write(line, output, call),
                    new Label(Cell(PersonId), encounter.Length == 0 ? null : encounter, isEnrolled.Value));
        }

        private LinePlan WriteObject(JobLine line, IBufferWriter<byte> output)
        {
            LinePlan? plan = null;
            bool isObject = LineWriter.Read(
                line.Bytes, output, out Failure? wrong, (said, own) => plan = WriteObject(said, own));
            return wrong is not null ? new LinePlan(wrong)
                : isObject ? plan! : new LinePlan(writer.Write(line, output, call), new Label(null, null, false));
        }

        private LinePlan WriteObject(JsonElement said, IBufferWriter<byte> output)
        {
            foreach (string name in (string[])[PersonId, EncounterId])
            {
                if (said.TryGetProperty(name, out JsonElement named) && named.ValueKind != JsonValueKind.String)
                {
                    return new LinePlan(new Failure(
                        FailureCode.MalformedBody,
                        $"{name}: found {named.ValueKind}, wanted a string, or nothing"));
                }
            }

            string? person = TextOf(said, PersonId);
            string? encounter = TextOf(said, EncounterId);
            bool isSent = said.TryGetProperty(Data, out _);
            bool isEnrolled = person is not null;
            if (said.TryGetProperty(LineWriter.Enrolled, out JsonElement enrolled))
            {
                if (enrolled.ValueKind is not (JsonValueKind.True or JsonValueKind.False)
                    || (enrolled.ValueKind == JsonValueKind.True && person is null))
                {
                    return new LinePlan(new Failure(
                        FailureCode.MalformedBody, "enrolled: wanted false, or true beside personId"));
                }

                isEnrolled = enrolled.ValueKind == JsonValueKind.True;
            }

            Failure? wrong = !isSent ? CheckReference(isEnrolled, encounter)
                : encounter is null ? null
                : new Failure(FailureCode.MalformedBody,
                    "encounterId: found beside biometricData; wanted it alone, for a stored encounter is searched with "
                    + "as it is stored");
            if (wrong is not null)
            {
                return new LinePlan(wrong);
            }

            using Utf8JsonWriter json = LineWriter.Begin(output);
            foreach (JsonProperty member in said.EnumerateObject().Where(
                member => !Ours.Contains(member.Name) && !(isSent && member.NameEquals(PersonId))))
            {
                member.WriteTo(json);
            }

            LineWriter.WriteDefaults(json, call, default);
            LineWriter.End(json, output);
            return new LinePlan(null, new Label(person, encounter, isEnrolled));
        }

        private static Failure? CheckReference(bool isEnrolled, string? encounter) =>
            isEnrolled && string.IsNullOrEmpty(encounter)
                ? new Failure(FailureCode.MalformedBody,
                    "encounterId: found nothing, wanted the encounter that is searched with: the person's others are "
                    + "its mates")
                : null;

        private static string? TextOf(JsonElement said, string name) =>
            said.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
                ? value.GetString() : null;

        /// <summary>The score of the probe's person without the probe itself.</summary>
        private async ValueTask<Parsed<double?>> MateAsync(
            Label label, List<(string Person, double Score)> found, CancellationToken cancel)
        {
            CallerShare share = new(Standing.NumberOf(call.Partner), 1);
            SearchBudget budget = SearchBudget.Of(Limits.LongestDeadline, cancel).For(call.Use)
                .At(share.At(Priority.Stream));
            Parsed<IReadOnlyList<Encounter>> all = await encounters.ReadAllAsync(label.PersonId!, budget);
            if (all.IsFailed)
            {
                return all.Failure;
            }

            Encounter[] others = [.. all.Value.Where(one => one.Status == EncounterStatus.Active
                && one.EncounterId != label.EncounterId && one.Samples.Count > 0
                && (call.GalleryId == Search.AllGalleries || one.Galleries.Contains(call.GalleryId)))];
            if (others.Length == 0)
            {
                return new Failure(FailureCode.InvalidBiometricData,
                    "found no other active encounter of the person in the gallery; wanted one, or that the line says "
                    + "that the person is not enrolled");
            }

            if (label.EncounterId is null)
            {
                return Parsed<double?>.Of(found.Where(one => one.Person == label.PersonId)
                    .Select(one => (double?)one.Score).FirstOrDefault());
            }

            Encounter? own = all.Value.FirstOrDefault(one => one.EncounterId == label.EncounterId);
            Parsed<List<Sample>> samples = StoredSamples.Of(own is null ? [] : [own]);
            if (samples.IsFailed)
            {
                return samples.Failure;
            }

            Parsed<VerifyAnswer> scored = await pairs.ScoreAsync(
                samples.Value, [.. others.Select(one => one.Samples)], new Asker(share, Priority.Stream), budget);
            return scored.IsFailed ? scored.Failure
                : Parsed<double?>.Of(scored.Value.HasCompared ? scored.Value.Score : null);
        }
    }
}
