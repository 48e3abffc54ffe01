using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MatchCluster.Matching.Tests.Architecture;

/// <summary>
/// A use of a type by another one, both by their full name, with the file that uses it where it is known.
/// </summary>
public readonly record struct TypeUse(string From, string FromFile, string To);

/// <summary>
/// Reads from a compiled assembly which of its types uses which other: bases, members, attributes, generic
/// arguments and method bodies. What the compiler writes (closures, state machines) counts for the type it was
/// made for.
/// Constants leave no trace in an assembly; <see cref="OfConstants"/> finds them in the sources.
/// </summary>
public static partial class CompiledReferences
{
    /// <summary>The uses between the types of an assembly whose file and symbols lie at the path.</summary>
    public static IReadOnlySet<TypeUse> Of(string path)
    {
        using DefaultAssemblyResolver resolver = Resolver(path);
        ReaderParameters how = new() { ReadSymbols = true, AssemblyResolver = resolver };
        using ModuleDefinition module = ModuleDefinition.ReadModule(path, how);
        HashSet<TypeUse> uses = [];
        foreach (TypeDefinition type in module.GetTypes())
        {
            new Walk(type, uses).Read();
        }

        return uses;
    }

    /// <summary>The uses of constants and enum members, by "Type.Name" in the text of a source.</summary>
    public static IReadOnlySet<TypeUse> OfConstants(string path, IReadOnlyDictionary<string, string> sources)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        ILookup<string, string> constants = module.GetTypes()
            .SelectMany(type => type.Fields.Where(field => field.IsLiteral).Select(field => (type, field)))
            .ToLookup(it => $"{it.type.Name}.{it.field.Name}", it => Outermost(it.type).FullName);
        HashSet<TypeUse> uses = [];
        foreach ((string file, string text) in sources)
        {
            string code = Comment().Replace(text, "");
            string folder = Namespace().Match(code).Groups[1].Value;
            string from = $"{folder}.{Path.GetFileNameWithoutExtension(file)}";
            foreach (Match match in Dotted().Matches(code))
            {
                uses.UnionWith(constants[match.Value + match.Groups[1].Value]
                    .Take(1).Select(to => new TypeUse(from, file, to)));
            }
        }

        return uses;
    }

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b[A-Z]\w*(?=(\.[A-Z]\w*))")]
    private static partial Regex Dotted();

    /// <summary>Finds what an attribute names of other assemblies, those of the shared frameworks too.</summary>
    private static DefaultAssemblyResolver Resolver(string path)
    {
        DefaultAssemblyResolver resolver = new();
        string loaded = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        foreach (string folder in loaded.Split(Path.PathSeparator).Append(path)
            .Select(file => Path.GetDirectoryName(file) ?? "").Distinct())
        {
            resolver.AddSearchDirectory(folder);
        }

        return resolver;
    }

    private static TypeReference Outermost(TypeReference type) =>
        type.DeclaringType is null ? type : Outermost(type.DeclaringType);

    private sealed class Walk(TypeDefinition type, HashSet<TypeUse> uses)
    {
        private readonly string _from = Outermost(type).FullName;
        private string _file = FileOf(type);

        public void Read()
        {
            Type(type.BaseType);
            All(type.Interfaces.Select(it => it.InterfaceType));
            Attributes(type);
            Generics(type);
            foreach (FieldDefinition field in type.Fields)
            {
                Type(field.FieldType);
                Attributes(field);
            }

            foreach (PropertyDefinition property in type.Properties)
            {
                Attributes(property);
            }

            foreach (MethodDefinition method in type.Methods)
            {
                _file = FileOf(method) ?? _file;
                Signature(method);
                Attributes(method);
                Generics(method);
                foreach (ParameterDefinition parameter in method.Parameters)
                {
                    Attributes(parameter);
                }

                if (method.HasBody)
                {
                    Body(method.Body);
                }
            }
        }

        private static string? FileOf(MethodDefinition method) => method.DebugInformation.SequencePoints
            .Select(point => point.Document.Url).FirstOrDefault();

        private static string FileOf(TypeDefinition type) =>
            type.Methods.Select(FileOf).FirstOrDefault(file => file is not null) ?? Outermost(type).FullName;

        private void Body(MethodBody body)
        {
            All(body.Variables.Select(variable => variable.VariableType));
            All(body.ExceptionHandlers.Select(handler => handler.CatchType));
            foreach (Instruction instruction in body.Instructions)
            {
                switch (instruction.Operand)
                {
                    case TypeReference named:
                        Type(named);
                        break;
                    case FieldReference field:
                        Type(field.DeclaringType);
                        Type(field.FieldType);
                        break;
                    case MethodReference method:
                        Type(method.DeclaringType);
                        Signature(method);
                        break;
                    case CallSite call:
                        Type(call.ReturnType);
                        All(call.Parameters.Select(parameter => parameter.ParameterType));
                        break;
                }
            }
        }

        private void Signature(MethodReference method)
        {
            Type(method.ReturnType);
            All(method.Parameters.Select(parameter => parameter.ParameterType));
            if (method is GenericInstanceMethod generic)
            {
                All(generic.GenericArguments);
            }
        }

        private void Generics(IGenericParameterProvider owner) =>
            All(owner.GenericParameters.SelectMany(it => it.Constraints).Select(it => it.ConstraintType));

        private void Attributes(ICustomAttributeProvider owner)
        {
            foreach (CustomAttribute attribute in owner.CustomAttributes)
            {
                Type(attribute.AttributeType);
                All(attribute.ConstructorArguments.Select(it => it.Value).OfType<TypeReference>());
                All(attribute.Properties.Select(it => it.Argument.Value).OfType<TypeReference>());
            }
        }

        private void All(IEnumerable<TypeReference?> types)
        {
            foreach (TypeReference? it in types)
            {
                Type(it);
            }
        }

        private void Type(TypeReference? it)
        {
            switch (it)
            {
                case null or GenericParameter:
                    return;
                case GenericInstanceType generic:
                    All(generic.GenericArguments);
                    Type(generic.ElementType);
                    return;
                case FunctionPointerType function:
                    Type(function.ReturnType);
                    All(function.Parameters.Select(parameter => parameter.ParameterType));
                    return;
                case TypeSpecification of:
                    Type(of.ElementType);
                    return;
            }

            TypeReference to = Outermost(it);
            if (to.Scope == type.Module && to.FullName != _from)
            {
                uses.Add(new(_from, _file, to.FullName));
            }
        }
    }
}
