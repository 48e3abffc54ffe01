using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Audit;

/// <summary>
/// What a call leaves in the audit log. The middleware makes it and fills in who called what and when; doors add whom
/// they looked for and what they found. Without an audit log there is none, and doors note nothing.
/// </summary>
internal sealed class AuditNotes(AuditKeys keys, TimeProvider clock) : IUseNotes
{
    private readonly List<AuditEntry> lines = [];
    private readonly List<string> persons = [];
    private readonly List<string> galleries = [];
    private List<string> candidates = [];
    private string? inputs;
    private AuditSearch? search;
    private UseDecision? decided;
    private string? purpose;
    private AuditGalleryState[] states = [];
    private string? caseId;
    private string? decision;
    private AuditAgreement? signed;

    /// <summary>When the call began.</summary>
    public DateTimeOffset Started { get; } = clock.GetUtcNow();

    /// <summary>Whether lines were noted; a call of lines leaves no row beside theirs.</summary>
    public bool HasLines { get; private set; }

    /// <summary>The notes of a call; null where nothing is recorded.</summary>
    public static AuditNotes? Of(HttpContext http) => http.Features.Get<AuditNotes>();

    /// <summary>
    /// The decision about the call. Where there are several, about the writes of one call, a refusal counts, then the
    /// last one.
    /// </summary>
    public void Decided(UseDecision decision)
    {
        lock (lines)
        {
            decided = decided is { Refusal: not null } ? decided : decision;
            purpose = decision.Purpose ?? purpose;
        }
    }

    public DateTimeOffset Now() => clock.GetUtcNow();

    /// <summary>A gallery that is searched, read or written; only names that may be one are kept.</summary>
    public void Gallery(string? gallery) => AddTo(galleries, Named([gallery]));

    public void Galleries(IEnumerable<string> named) => AddTo(galleries, Named(named));

    /// <summary>A person that the request names or makes.</summary>
    public void Person(string personId) => AddTo(persons, [keys.OfPerson(personId)]);

    /// <summary>What a search of the whole call found.</summary>
    /// <param name="answer">The engine's answer.</param>
    /// <param name="samples">What was searched with.</param>
    public void Searched(IdentifyAnswer answer, IEnumerable<Sample> samples)
    {
        search = SearchOf(answer);

        // A gallery that is none is only the caller's text.
        states = answer.Refusal is null ? StatesOf(answer) : [];
        caseId = answer.CaseId;
        candidates = CandidatesOf(answer);
        inputs = candidates.Count == 0 ? null : keys.OfSamples(samples);
    }

    /// <summary>A comparison of two sides.</summary>
    /// <param name="threshold">From which score the decision is true.</param>
    /// <param name="calibration">Id of what fingers were scored by.</param>
    /// <param name="isLike">The decision.</param>
    /// <param name="samples">What was compared.</param>
    /// <param name="personId">With whom; null for samples of nobody.</param>
    public void Compared(
        double threshold, string calibration, bool isLike, IEnumerable<Sample> samples, string? personId = null)
    {
        search = new AuditSearch(threshold, calibration);
        candidates = isLike && personId is not null ? [keys.OfPerson(personId)] : [];
        inputs = isLike ? keys.OfSamples(samples) : null;
    }

    /// <summary>A candidate that is taken apart; there is no threshold.</summary>
    /// <param name="calibration">Id of what fingers were scored by.</param>
    /// <param name="samples">What was searched with.</param>
    /// <param name="personId">The candidate.</param>
    public void Explained(string calibration, IEnumerable<Sample> samples, string personId)
    {
        search = new AuditSearch(null, calibration);
        candidates = [keys.OfPerson(personId)];
        inputs = keys.OfSamples(samples);
    }

    /// <summary>An agreement that is read or signed; only a name that may be one is kept.</summary>
    /// <param name="id">The agreement.</param>
    /// <param name="version">The version of the agreement, or of its suspension where it is about one; or 0.</param>
    public void Agreement(string id, long version) =>
        signed = AgreementRules.Name("id", id) is null ? new AuditAgreement(id, version) : null;

    /// <summary>A case that is read.</summary>
    public void Case(string id) => caseId = id;

    /// <summary>What a person decided of a case.</summary>
    /// <param name="id">The case.</param>
    /// <param name="decided">The candidate's rank and the verdict.</param>
    /// <param name="candidate">The candidate.</param>
    public void Decided(string id, string decided, string candidate)
    {
        (caseId, decision) = (id, decided);
        candidates = [keys.OfPerson(candidate)];
    }

    /// <summary>Keyed hash of samples, for a line that is answered later.</summary>
    public string HashOf(IEnumerable<Sample> samples) => keys.OfSamples(samples);

    /// <summary>One probe of a stream.</summary>
    /// <param name="line">Its line, counted from 1.</param>
    /// <param name="started">When its search began.</param>
    /// <param name="failure">Why it has no answer.</param>
    /// <param name="answer">The engine's answer; null where there is none.</param>
    /// <param name="hash">Keyed hash of its samples.</param>
    /// <param name="personId">The enrolled person who is searched with; null for samples that were sent.</param>
    public void SearchedLine(
        long line, DateTimeOffset started, Failure? failure, IdentifyAnswer? answer, string? hash,
        string? personId = null)
    {
        List<string> found = answer is null ? [] : CandidatesOf(answer);
        Add(Line(line, started, failure) with
        {
            Search = answer is null || answer.Refusal is not null ? null : SearchOf(answer),
            States = answer is null || answer.Refusal is not null ? [] : StatesOf(answer),
            Agreement = AgreementOf(answer?.Permission),
            Purpose = answer?.Permission.Purpose,
            Candidates = found,
            Case = answer?.CaseId,
            Persons = personId is null ? [] : [keys.OfPerson(personId)],
            Inputs = found.Count == 0 ? null : hash,
        });
    }

    /// <summary>One encounter of a stream.</summary>
    /// <param name="line">Its line, counted from 1.</param>
    /// <param name="started">When the lines round it began to be written.</param>
    /// <param name="failure">Why it was not enrolled.</param>
    /// <param name="personId">Whose it is; null where the line does not say so.</param>
    /// <param name="joined">Galleries that it names.</param>
    public void EnrolledLine(
        long line, DateTimeOffset started, Failure? failure, string? personId, IEnumerable<string> joined) =>
        Add(Line(line, started, failure) with
        {
            Persons = personId is null ? [] : [keys.OfPerson(personId)],
            Galleries = [.. Named(joined)],
        });

    /// <summary>Takes the lines that wait for their rows.</summary>
    /// <param name="call">What holds for all of them.</param>
    public List<AuditEntry> TakeLines(AuditEntry call)
    {
        lock (lines)
        {
            List<AuditEntry> taken =
            [
                .. lines.Select(line => line with
                {
                    Caller = call.Caller,
                    Subject = call.Subject,
                    Purpose = line.Purpose ?? call.Purpose ?? purpose,
                    Agreement = line.Agreement ?? AgreementOf(decided),
                    Operation = call.Operation,
                    Galleries = line.Galleries.Count > 0 ? line.Galleries : [.. galleries],
                }),
            ];
            lines.Clear();
            return taken;
        }
    }

    /// <summary>The row of the call itself.</summary>
    public AuditEntry Whole(AuditEntry call) => call with
    {
        Purpose = call.Purpose ?? purpose,
        Agreement = signed ?? AgreementOf(decided),
        Galleries = [.. galleries],
        Persons = [.. persons],
        Search = search,
        States = states,
        Candidates = candidates,
        Inputs = inputs,
        Case = caseId,
        Decision = decision,
    };

    private AuditEntry Line(long line, DateTimeOffset started, Failure? failure) => new()
    {
        Start = started,
        End = Now(),
        Caller = "",
        Operation = "",
        Line = line,
        RefusalCode = (int?)failure?.Code,
        Refusal = failure?.Code.ToString(),
    };

    private void Add(AuditEntry line)
    {
        lock (lines)
        {
            lines.Add(line);
            HasLines = true;
        }
    }

    private static void AddTo(List<string> list, IEnumerable<string> added) =>
        list.AddRange(added.Where(one => !list.Contains(one)).ToArray());

    private static IEnumerable<string> Named(IEnumerable<string?> galleries) =>
        galleries.OfType<string>().Where(gallery => IdRule.Check("gallery", gallery) is null).Distinct();

    private static AuditSearch SearchOf(IdentifyAnswer answer) =>
        new(answer.Threshold, answer.Calibration.Id)
        {
            PartitionsAsked = answer.Coverage.PartitionsAsked,
            PartitionsAnswered = answer.Coverage.PartitionsAnswered,
            IdentitiesHeld = answer.Coverage.IdentitiesHeld,
            IdentitiesSearched = answer.Coverage.IdentitiesSearched,
            IdentitiesCompared = answer.Coverage.IdentitiesComparable,
        };

    private static AuditAgreement? AgreementOf(UseDecision? decision) =>
        decision?.Agreement is { } agreement ? new AuditAgreement(agreement.Id, agreement.Version) : null;

    private static AuditGalleryState[] StatesOf(IdentifyAnswer answer) => answer.State is not { } state ? []
        : [new AuditGalleryState(answer.Gallery, $"{state.Hash}", state.Encounters)];

    private List<string> CandidatesOf(IdentifyAnswer answer) =>
        answer.Found.HashedBy(keys.OfPerson);
}
