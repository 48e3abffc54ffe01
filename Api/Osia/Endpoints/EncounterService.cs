using MatchCluster.Api.Audit;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Retention;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>Writes and reads of single encounters, answered as OSIA does.</summary>
internal sealed class EncounterService(EncounterRoot root, TimeProvider clock, EncounterIntake intake)
{
    /// <summary>
    /// Creates an encounter; a null encounter id is made from the transaction. A call that is repeated is
    /// answered as the first one was.
    /// </summary>
    public Task<Results<Ok<OsiaExtendablePersonIds>, OsiaFailed>> CreateAsync(
        OsiaEncounter body, string personId, string? encounterId, string operation, string transaction,
        HttpContext http) =>
        PutAsync(
            body, personId, encounterId,
            read => new Write.Create(Transactions.Signed(read, Transactions.ScopeOf(operation, http), transaction)),
            http, Transactions.IdOf("encounter", Transactions.ScopeOf(operation, http), transaction, personId));

    /// <summary>
    /// Creates or replaces an encounter; a null encounter id becomes the one given last. One that is replaced keeps
    /// what the caller did not repeat.
    /// </summary>
    public async Task<Results<Ok<OsiaExtendablePersonIds>, OsiaFailed>> PutAsync(
        OsiaEncounter body, string personId, string? encounterId, Func<Encounter, Write> write, HttpContext http,
        string? generatedId = null)
    {
        NotStored notStored = NotStored.For(http);
        Parsed<Encounter> encounter = await intake.ReadAsync(
            body, personId, encounterId, ExpiresAt.Of(http, clock.GetUtcNow()), notStored, http.Budget(), http);
        if (encounter.IsFailed)
        {
            return new OsiaFailed(encounter.Failure);
        }

        AuditNotes.Of(http)?.Person(personId);
        AuditNotes.Of(http)?.Galleries(encounter.Value.Galleries);
        Encounter put = encounterId is null && generatedId is not null
            ? encounter.Value with { EncounterId = generatedId } : encounter.Value;
        if (EncounterRules.Check(put) is { } refusal)
        {
            return new OsiaFailed(Failure.Of(refusal));
        }

        Parsed<Encounter> whole = await WithUnsaidAsync(write(put), put, body, notStored, http);
        return whole.IsFailed ? new OsiaFailed(whole.Failure)
            : await WriteAsync(write(whole.Value), http.Budget()) is { } failure
            ? new OsiaFailed(failure)
            : TypedResults.Ok(
                new OsiaExtendablePersonIds(personId, put.EncounterId, notStored.Others));
    }

    /// <summary>A write that answers nothing but that it is done.</summary>
    public async Task<Results<NoContent, OsiaFailed>> ApplyAsync(Write write, SearchBudget budget) =>
        await WriteAsync(write, budget) is { } failure ? new OsiaFailed(failure) : TypedResults.NoContent();

    /// <summary>One encounter of a person.</summary>
    public async ValueTask<Parsed<Encounter>> ReadAsync(
        string personId, string encounterId, SearchBudget budget, UseRequest? request = null) =>
        OneOf(AllOf(await root.ReadPersonAsync(personId, budget, request)), encounterId);

    /// <summary>One encounter of a person for a use about which was decided before.</summary>
    public async ValueTask<Parsed<Encounter>> ReadDecidedAsync(
        string personId, string encounterId, SearchBudget budget, UseDecision decision) =>
        OneOf(AllOf(await root.ReadDecidedAsync(personId, budget, decision)), encounterId);

    /// <summary>One encounter of a person with its pictures, where they are kept and the caller may see them.</summary>
    public async ValueTask<Parsed<Encounter>> ReadWithPicturesAsync(
        string personId, string encounterId, SearchBudget budget) =>
        OneOf(AllOf(await root.ReadPicturesAsync(personId, encounterId, budget)), encounterId);

    /// <summary>Every encounter of a person.</summary>
    public async ValueTask<Parsed<IReadOnlyList<Encounter>>> ReadAllAsync(string personId, SearchBudget budget) =>
        AllOf(await root.ReadPersonAsync(personId, budget));

    /// <summary>The failure of a write's result, or null where it was applied.</summary>
    public static Failure? FailureOf(WriteResult result) => Failure.Of(result.Refusal, result.Outage);

    private static Parsed<IReadOnlyList<Encounter>> AllOf(ReadAnswer answer) =>
        Failure.Of(answer.Refusal, answer.Outage) is { } failure ? failure
        : answer.Encounters.Count == 0 ? new Failure(FailureCode.Unknown, "unknown person")
        : Parsed<IReadOnlyList<Encounter>>.Of(answer.Encounters);

    private static Parsed<Encounter> OneOf(Parsed<IReadOnlyList<Encounter>> all, string encounterId) =>
        all.IsFailed ? all.Failure
        : all.Value.FirstOrDefault(encounter => encounter.EncounterId == encounterId) is { } found ? found
        : new Failure(FailureCode.Unknown, "unknown encounter");

    private async ValueTask<Parsed<Encounter>> WithUnsaidAsync(
        Write write, Encounter encounter, OsiaEncounter body, NotStored notStored, HttpContext http)
    {
        if (write is not Write.Update)
        {
            return encounter;
        }

        // What an update keeps is in the record: one that cannot be read refuses an update as it does any change.
        ReadAnswer person = await root.ReadPersonAsync(encounter.PersonId, http.Budget());
        if (person.IsUnreadable)
        {
            return new Failure(FailureCode.Refused,
                "a stored record of this person cannot be read: restore a backup, or delete the encounter and send it "
                + "again");
        }

        Parsed<Encounter> stored = OneOf(AllOf(person), encounter.EncounterId);
        return stored.IsFailed ? stored.Failure
            : BiographicBins.KeepUnsaid(encounter, body, stored.Value, notStored);
    }

    /// <summary>Applies a write; its failure, or null where it is done.</summary>
    public async ValueTask<Failure?> WriteAsync(Write write, SearchBudget budget) =>
        FailureOf((await root.ApplyAsync([write], budget))[0]);
}
