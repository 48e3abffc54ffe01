namespace MatchCluster.Api.Deliveries;

/// <summary>What the application needs to send results.</summary>
internal static class DeliveryServices
{
    /// <param name="services">Those of the application, which disposes of what is made here.</param>
    /// <param name="settings">Where results may be sent.</param>
    public static void AddDeliveries(this IServiceCollection services, CallbackSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(settings.Plan);
        if (settings.Signer is { } signer)
        {
            services.AddSingleton(_ => signer);
        }

        services.AddSingleton<IDeliverer>(provider => new HttpDeliverer(
            settings, provider.GetService<MessageSigner>(), provider.GetRequiredService<TimeProvider>()));
    }
}
