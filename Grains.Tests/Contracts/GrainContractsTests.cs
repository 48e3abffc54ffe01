using System.Reflection;
using System.Text;
using MatchCluster.Grains.Contracts;

namespace MatchCluster.Grains.Tests.Contracts;

/// <summary>
/// What members of a cluster say to each other through Orleans, as text: every grain interface, method and serialised
/// type by its alias, with the numbers of its fields. Two members of neighbouring versions understand each other by
/// these names alone, so a change of the text is a change of the wire: raise the wire version with it, and write
/// <c>GrainContracts.txt</c> again from the failure's message.
/// </summary>
public sealed class GrainContractsTests
{
    private static readonly Assembly Contracts = typeof(ISiloGrain).Assembly;

    [Fact]
    public void The_contracts_are_those_of_the_kept_text()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Contracts", "GrainContracts.txt");
        string kept = File.ReadAllText(path).ReplaceLineEndings("\n");

        string now = Describe();
        Assert.True(kept == now, $"GrainContracts.txt differs from the contracts, which are now:\n{now}");
    }

    [Fact]
    public void Everything_that_is_sent_has_a_name_that_outlives_a_renaming()
    {
        IEnumerable<MemberInfo> methods = Interfaces().SelectMany(grain => grain.GetMethods());

        Assert.All(
            [.. Interfaces(), .. methods, .. Serialized()],
            member => Assert.NotNull(member.GetCustomAttribute<AliasAttribute>()));
    }

    private static string Describe()
    {
        StringBuilder text = new();
        foreach (Type grain in Interfaces())
        {
            text.Append("grain ").Append(Alias(grain)).Append('\n');
            foreach (MethodInfo method in grain.GetMethods().OrderBy(Alias, StringComparer.Ordinal))
            {
                IEnumerable<string> given = method.GetParameters().Select(given => Name(given.ParameterType));
                text.Append("  ").Append(Alias(method)).Append('(').AppendJoin(", ", given).Append(") -> ")
                    .Append(Name(method.ReturnType)).Append('\n');
            }
        }

        foreach (Type sent in Serialized())
        {
            text.Append(sent.IsEnum ? "enum " : "type ").Append(Alias(sent)).Append('\n');
            foreach (string line in sent.IsEnum ? Values(sent) : Fields(sent))
            {
                text.Append("  ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static IEnumerable<Type> Interfaces() => Contracts.GetTypes()
        .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable)))
        .OrderBy(Alias, StringComparer.Ordinal);

    private static IEnumerable<Type> Serialized() => Contracts.GetTypes()
        .Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null)
        .OrderBy(Alias, StringComparer.Ordinal);

    private static IEnumerable<string> Values(Type sent) =>
        Enum.GetValuesAsUnderlyingType(sent).Cast<object>().Select(value => $"{value} {Enum.GetName(sent, value)}");

    /// <summary>Fields and properties with a number; the compiler moves a property's number to its field.</summary>
    private static IEnumerable<string> Fields(Type sent) => sent
        .GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Select(member => (Member: member, Id: member.GetCustomAttribute<IdAttribute>()?.Id))
        .Where(field => field.Id is not null)
        .OrderBy(field => field.Id)
        .Select(field => $"{field.Id} {field.Member.Name}: " + Name(field.Member switch
        {
            PropertyInfo property => property.PropertyType,
            FieldInfo member => member.FieldType,
            _ => throw new NotSupportedException($"a number on {field.Member}"),
        }));

    private static string Alias(MemberInfo member) =>
        member.GetCustomAttribute<AliasAttribute>()?.Alias ?? $"(no alias) {member.Name}";

    /// <summary>The alias of a type of ours, else the type's name with its arguments.</summary>
    private static string Name(Type type) =>
        type.IsArray ? Name(type.GetElementType()!) + "[]"
        : type.Assembly == Contracts ? Alias(type)
        : !type.IsGenericType ? type.Name
        : $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
}
