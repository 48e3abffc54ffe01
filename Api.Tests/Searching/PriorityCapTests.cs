using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MatchCluster.Api.Tests.Searching;

/// <summary>How urgent a call of a partner may be, at doors that decide nothing before the body.</summary>
public sealed class PriorityCapTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("border-a", null, 3)]
    [InlineData("border-a", "border-a-low", 1)]
    [InlineData("stranger", null, 8)]
    public async Task A_service_level_makes_no_call_more_urgent_than_the_agreements_do(
        string partner, string? named, int expected)
    {
        Agreements agreements = new(new MemoryGovernanceStore(), clock);
        foreach ((string id, int cap) in new[] { ("border-a-high", 3), ("border-a-low", 1), ("border-a-stopped", 9) })
        {
            await agreements.Partners.ProposeAsync(AgreementOf(id, cap), "anna", default);
            Assert.Null((await agreements.Partners.ApproveAsync(id, 1, "berta", default)).Refusal);
        }

        await agreements.SuspendAsync("border-a-stopped", "misuse", "anna", default);
        DefaultHttpContext http = new()
        {
            RequestServices = new ServiceCollection().AddSingleton(agreements).AddSingleton<TimeProvider>(clock)
                .AddSingleton(Admission.Default).AddSingleton(ServiceLevels.Default).BuildServiceProvider(),
        };
        http.Features.Set(new Caller(partner, partner, CallerKind.Client, new HashSet<string>()));
        http.Request.Headers[ServiceLevels.Header] = "rapid";
        if (named is not null)
        {
            http.Request.Headers[StatedUse.AgreementHeader] = named;
        }

        await CallerShare.NoteAsync(http, _ => Task.CompletedTask);

        Assert.Equal(expected, Priority.Of(http, Priority.Default).Level);
    }

    private Agreement AgreementOf(string id, int cap) => new()
    {
        Id = id,
        Partner = "border-a",
        Purposes = [Purposes.Test],
        Modalities = [Modality.Finger],
        PriorityCap = cap,
        ValidFrom = clock.GetUtcNow().AddDays(-1),
        ValidTo = clock.GetUtcNow().AddDays(1),
        Phase = AgreementPhase.Live,
        LegalBasis = "Treaty of Nowhere",
    };
}
