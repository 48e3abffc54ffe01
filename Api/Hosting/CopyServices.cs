using MatchCluster.Api.Searching;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Hosting;

/// <summary>What a server of a copy puts before its own rules: until when it is searched, and its hits.</summary>
internal static class CopyServices
{
    /// <summary>Added last: it stands before what was added.</summary>
    public static void Add(IServiceCollection services, Backend backend)
    {
        if (backend.Copy is not { } copy)
        {
            return;
        }

        copy.Hits.Next = backend.Cases;
        services.AddSingleton<ICaseOpener>(copy.Hits);
        ServiceDescriptor rules = services.Last(one => one.ServiceType == typeof(IUsePolicy));
        services.AddSingleton<IUsePolicy>(provider => new PackPolicy(
            (IUsePolicy)(rules.ImplementationInstance ?? rules.ImplementationFactory!(provider)), copy.Note.Manifest,
            provider.GetRequiredService<TimeProvider>()));
    }
}
